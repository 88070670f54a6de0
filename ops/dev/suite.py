"""./dev test: the whole suite, or what its arguments choose."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from dev import browser, web_setup
from dev.python_setup import PYTHON
from dev.steps import LOCAL, ROOT, become, run_to_the_end

SIMULATION = "tests/simulation"
ALONE = ("tests/processes", "tests/web", "tests/load")
WORKERS = max(2, min(os.cpu_count() or 2, 8))
NICER = ("nice", "-n", "10") if shutil.which("nice") else ()


def needs_web(arguments: Sequence[str]) -> bool:
    """Do these tests open pages? Paths that do not speak of a browser or the web choose others."""
    paths = [word for word in arguments if not word.startswith("-")]
    return not paths or any("browser" in word or "web" in word for word in paths)


def run(arguments: Sequence[str]) -> int:
    """With arguments: pytest alone, with them. Without: pytest, the web's unit tests, and one line for all.

    Most tests share the cores, each worker with a database server of its own. Those that start whole houses or browsers
    come after them one by one; they mostly wait, so the simulation, which wants every core, runs beside as the nicer.
    """
    if needs_web(arguments):
        browser.install_chromium()
    if arguments:
        become([PYTHON, "-m", "pytest", *(_from_here(word) for word in arguments)])
    LOCAL.mkdir(exist_ok=True)
    shared_report, alone_report, simulation_report, web_report = (
        LOCAL / name for name in ("tests.xml", "tests-alone.xml", "simulation.xml", "web-tests.json")
    )
    for report in (shared_report, alone_report, simulation_report, web_report):
        report.unlink(missing_ok=True)
    left = [f"--ignore={folder}" for folder in (SIMULATION, *ALONE)]
    workers = ["-n", str(WORKERS)]
    codes = [run_to_the_end([PYTHON, "-m", "pytest", *workers, *left, f"--junitxml={shared_report}"])]
    with _beside([str(PYTHON), "-m", "pytest", SIMULATION, f"--junitxml={simulation_report}"]) as simulation:
        codes.append(run_to_the_end([PYTHON, "-m", "pytest", *ALONE, f"--junitxml={alone_report}"]))
        codes.append(simulation())
    if any(web_setup.WEB.glob("vite*.config.ts")):
        told = ("--reporter=default", "--reporter=json", f"--outputFile.json={web_report}")
        vitest = (*web_setup.script("vitest", "vitest.mjs"), "run", *told)
        codes.append(run_to_the_end(vitest, cwd=web_setup.WEB))
    reports = (shared_report, alone_report, simulation_report)
    sums = sum(map(_python_sums, reports), _web_sums(web_report))
    print(f"\nlarmcentral: {sums['passed']} passed, {sums['failed']} failed, {sums['skipped']} skipped", flush=True)
    return 0 if not any(codes) and sums["failed"] == 0 and sums["passed"] > 0 else 1


@contextmanager
def _beside(words: Sequence[str]) -> Iterator[Callable[[], int]]:
    """Run something beside what comes; the caller asks for its exit code when its turn has come, and sees its words."""
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            [*NICER, *words], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT
        )

        def code() -> int:
            ended = process.wait()
            said.seek(0)
            print(said.read(), flush=True)
            return ended

        try:
            yield code
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()


def _from_here(word: str) -> str:
    """pytest runs at the root of the checkout; a path is meant from where the person stands."""
    file, colons, test = word.partition("::")
    if word.startswith("-") or Path.cwd() == ROOT or not os.path.exists(file):
        return word
    return f"{Path(file).resolve()}{colons}{test}"


def _python_sums(report: Path) -> Counter[str]:
    sums: Counter[str] = Counter()
    if report.exists():
        for suite in ElementTree.parse(report).getroot().iter("testsuite"):
            tests, skipped = int(suite.get("tests", 0)), int(suite.get("skipped", 0))
            failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            sums += Counter(passed=tests - failed - skipped, failed=failed, skipped=skipped)
    return sums


def _web_sums(report: Path) -> Counter[str]:
    if not report.exists():
        return Counter()
    told = json.loads(report.read_text())
    return Counter(passed=told["numPassedTests"], failed=told["numFailedTests"], skipped=told["numPendingTests"])
