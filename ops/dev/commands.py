"""What ./dev understands."""

from __future__ import annotations

import fcntl
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final

from dev import checks, python_setup, suite, web_setup
from dev.python_setup import PYTHON
from dev.steps import LOCAL, Trouble, become, run_to_the_end

USAGE: Final = """\
usage: ./dev COMMAND [arguments]

  setup                        install everything that the commands below need
  demo [--check]               a whole centre on this machine with made-up people; Ctrl-C ends it
  test [pytest arguments]      the whole suite, or the part that the arguments choose
  check                        lint, types, layers, house rules, licences
  larmcentral COMMAND          the server's own command line: serve, decode, devices, admin …
  simulate [--seeds N] [--days D] [--first S] [--processes P] [--trace]
                               made-up towns on the real flows, with everything going wrong; prints what breaks
  load PROFILE [--json FILE]   a load profile against a server that it starts itself
  chaos [--rounds N] [--only NAME]... [--seed S] [--json FILE]
                               kills, wrong clocks, full disks, limits: what becomes of the alarms
  fmt                          put the code in its usual form
"""

INTERRUPTED: Final = 130
"""What shells expect of a command that Ctrl-C has ended."""


def main(arguments: Sequence[str]) -> int:
    """Run one command; the exit code."""
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        print(USAGE, end="")
        return 0 if arguments else 2
    try:
        return _run(arguments[0], arguments[1:])
    except Trouble as trouble:
        print(f"./dev {arguments[0]}: {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"\n./dev {arguments[0]}: stopped", file=sys.stderr)
        return INTERRUPTED


def _run(command: str, rest: Sequence[str]) -> int:
    match command:
        case "setup":
            set_up(for_developers=True, web="built")
            print("ready: ./dev demo, ./dev test, ./dev check")
            return 0
        case "demo":
            set_up(for_developers=False, web="built")
            become([PYTHON, "-m", "larmcentral.demo", *rest])
        case "test":
            set_up(for_developers=True, web="built" if suite.needs_web(rest) else "none")
            return suite.run(rest)
        case "check":
            set_up(for_developers=True, web="installed")
            return checks.run(checks.all_checks())
        case "simulate":
            set_up(for_developers=True, web="none")
            become([PYTHON, "-m", "tests.simulation.run", *rest])
        case "load":
            set_up(for_developers=True, web="none")
            become([PYTHON, "-m", "load", *rest])
        case "chaos":
            set_up(for_developers=True, web="none")
            become([PYTHON, "-m", "load.chaos", *rest])
        case "larmcentral":
            set_up(for_developers=False, web="none")
            become([PYTHON, "-m", "larmcentral", *rest])
        case "fmt":
            set_up(for_developers=True, web="none")
            fixed = run_to_the_end([PYTHON, "-m", "ruff", "check", "--fix", "--quiet", "."])
            return max(fixed, run_to_the_end([PYTHON, "-m", "ruff", "format", "--quiet", "."]))
    print(f"./dev does not know {command!r}\n\n{USAGE}", end="", file=sys.stderr)
    return 2


def set_up(*, for_developers: bool, web: str) -> None:
    """Bring the checkout to where a command can run; where nothing has changed this takes no time.

    web: "none", "installed" (its packages) or "built".
    """
    with _alone():
        python_setup.make_environment()
        with_web = web != "none" and web_setup.is_there()
        if with_web:
            python_setup.install("web.txt", "install Node")
        with ThreadPoolExecutor(max_workers=1) as beside:
            # Both wait for the network more than for a core.
            packages = beside.submit(_install_python, for_developers)
            if with_web:
                web_setup.install()
            packages.result()
        if with_web and web == "built":
            web_setup.build()


def _install_python(for_developers: bool) -> None:
    python_setup.install("runtime.txt", "install the server's packages")
    if for_developers:
        python_setup.install("dev.txt", "install the developers' packages")


@contextmanager
def _alone() -> Iterator[None]:
    """Two ./dev at a time would install into each other's hands."""
    LOCAL.mkdir(exist_ok=True)
    with (LOCAL / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("  another ./dev is setting up here; waiting for it", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
