"""The demo checks itself: every protocol pressed, notices at the far end, an acknowledgement over the API."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from larmcentral import seed
from larmcentral.seed_wearables import UNITS, WEARABLES
from tests import logged
from tests.processes.house import ROOT


async def test_the_demo_checks_itself(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "larmcentral.demo", "--check", "--data-dir", str(tmp_path / "demo")),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, complaints = await process.communicate()
    for number, secret in enumerate((seed.PASSWORD, seed.PHONE_SECRET, seed.PANEL_KEY.hex())):
        logged.keep(f"secret {number} of the demo", secret)
    for key in (tmp_path / "demo").glob("*.key"):
        logged.keep(f"the demo's {key.name}", key.read_text("latin-1").strip())
    for line in complaints.decode("utf-8", "replace").splitlines():
        logged.hear(line)
    result = json.loads(said)
    assert process.returncode == 0, (result, complaints.decode())
    assert result["ok"]
    phones = {"osmand", "owntracks"}
    units = {"dc09", "dc09_udp", *(one.protocol for one in UNITS)}
    wearables = {"watch", *(one.protocol for one in WEARABLES)}
    assert set(result["pressed"]) == phones | units | wearables
    assert {name for name, press in result["pressed"].items() if not press["acked"]} == {"minifinder"}, "it has no ack"
    assert all(press["sent"] for press in result["pressed"].values())
    assert result["notices"]["apns"] >= 1
    assert result["notices"]["fcm"] >= 1
    # owntracks has no alarm, and the panel over UDP is the one over TCP.
    assert result["console"]["incidents"] == result["console"]["acknowledged"] == len(result["pressed"]) - 2
    assert set(result["scenes"]) == {"hand-over", "dead-way"}
    handed, dead = (" ".join(result["scenes"][name]["said"]) for name in ("hand-over", "dead-way"))
    assert "larmbolaget has it" in handed
    assert "vaktbolaget has it" in handed
    assert "the voice gateway heard: Nödlarm. Det gäller Anna Lindqvist." in handed
    assert "both centres were told that it is over" in handed
    assert "passed over: apns, known to be dead" in dead
