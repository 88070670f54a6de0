"""The wrong clock of a process: wrong for the server and its libraries alike, and never for what does not step."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from load.processes import ROOT

LOOK = """
import sys, time
from pathlib import Path
from larmcentral.clock import SystemClock
from load.chaos.launched import step_clocks
true_s, steady_s, file = time.time(), time.monotonic(), Path(sys.argv[1])
step_clocks(file)
for said in ("3600", "-3600", "nonsense"):
    file.write_text(said)
    looks = (SystemClock().now().timestamp(), time.time(), time.time_ns() / 1e9)
    print(*(round((at_s - true_s) / 600) for at_s in looks))
file.unlink()
print(round((time.time() - true_s) / 600), round((time.monotonic() - steady_s) / 600))
"""


def test_the_offset_is_read_anew_each_time_and_a_file_that_is_gone_means_none(tmp_path: Path) -> None:
    words = [sys.executable, "-c", LOOK, str(tmp_path / "offset_s")]
    said = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    assert said == ["6 6 6", "-6 -6 -6", "0 0 0", "0 0"]


def test_a_process_launched_with_few_files_has_no_more(tmp_path: Path) -> None:
    look = "import resource; from load.chaos.launched import limit; limit(64, None); "
    look += "print(resource.getrlimit(resource.RLIMIT_NOFILE)[1])"
    said = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "64"
