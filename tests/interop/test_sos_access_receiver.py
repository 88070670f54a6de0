"""Our SOS Access receiver against the client of somebody else, in the clear and through TLS, on loopback.

Skipped unless LARM_INTEROP=1; how the peer is installed stands in test_sos_access_peer.py. Its own TLS fails on this
Python, so stunnel speaks it for it where it is installed (LARM_STUNNEL names the program where it is not on the path).
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import subprocess
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from protocols.signal import SignalKind
from tests.fakes.intake import eventually
from tests.interop.test_sos_access_peer import SCRIPTS, WITHIN_S, python
from tests.larmcentral.conftest import reactor, rig
from tests.larmcentral.receivers.rig import Rig
from tests.larmcentral.receivers.test_build import TWISTED_USES_OLD_PYOPENSSL, certify
from tests.larmcentral.receivers.test_renewing import OLD, Kept, listen

__all__ = ["python", "reactor", "rig"]

STUNNEL = os.environ.get("LARM_STUNNEL") or shutil.which("stunnel4") or shutil.which("stunnel")

pytestmark = pytest.mark.skipif(
    os.environ.get("LARM_INTEROP") != "1", reason="LARM_INTEROP=1 installs and runs sos-access"
)


async def transmitted(python: Path, port: int, what: str) -> list[dict[str, Any]]:
    """What its client says came of it."""
    process = await asyncio.create_subprocess_exec(
        str(python), "-I", str(SCRIPTS / "transmitter.py"), str(port), OLD, what, stdout=asyncio.subprocess.PIPE
    )
    try:
        out, _ = await asyncio.wait_for(process.communicate(), WITHIN_S)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    said: list[dict[str, Any]] = json.loads(out.decode().splitlines()[-1])
    return said


def kept(rig: Rig) -> Kept:
    made = Kept(rig.clock.now())
    made.row = replace(made.row, options={"ping_level": "4"})
    return made


async def test_its_client_is_satisfied_with_our_receiver(rig: Rig, python: Path) -> None:
    disk = kept(rig)
    await listen(rig, disk)
    said = await transmitted(python, rig.receiver.port or 0, "everything")
    assert said == [
        {"status": 0, "reference": "r1", "info": "OK"},
        {"error": "DuplicateAlarm"},
        {"status": 0, "reference": "r1", "info": "OK"},
        {"status": 0, "reference": "p1", "info": "OK"},
        {"status": 0, "new": 15},
        {"status": 0, "reference": None, "info": "OK"},
        {"error": "NotAuthorized"},
    ]
    assert [arrival.signals[0].kind for arrival in rig.intake.stored] == [
        SignalKind.PANIC,
        SignalKind.PANIC,
        SignalKind.RESTORE,
        SignalKind.LINK_TEST,
        SignalKind.HEARTBEAT,
        SignalKind.LINK_TEST,
    ]
    assert rig.intake.stored_keys[0] == rig.intake.stored_keys[1]
    assert "Anna Åkesson" in (rig.intake.stored[0].signals[0].text or "")


async def test_its_client_tries_again_where_we_could_not_store(rig: Rig, python: Path) -> None:
    rig.intake.be_full()
    await listen(rig, kept(rig))
    assert await transmitted(python, rig.receiver.port or 0, "alarm") == [{"error": "AlarmReceiverConnectionError"}]
    assert rig.metric("larm_not_stored_total", receiver="rig", reason="LaneFull") == 3


async def test_its_client_is_told_of_a_wrong_password_and_its_alarm_is_heard(rig: Rig, python: Path) -> None:
    disk = kept(rig)
    disk.row = replace(disk.row, secret=b"Other0123456789")
    await listen(rig, disk)
    assert await transmitted(python, rig.receiver.port or 0, "alarm") == [{"error": "NotAuthorized"}]
    await eventually(lambda: len(rig.intake.stored) == 1)
    assert rig.intake.stored[0].authentic is False


def reachable(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@TWISTED_USES_OLD_PYOPENSSL
@pytest.mark.skipif(STUNNEL is None, reason="stunnel is not installed")
async def test_its_client_reaches_us_through_tls(rig: Rig, python: Path, tmp_path: Path) -> None:
    assert STUNNEL is not None
    key_file, certificate_file = certify(tmp_path)
    await listen(rig, kept(rig), f"ssl:port=0:interface=127.0.0.1:privateKey={key_file}:certKey={certificate_file}")
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        clear = one.getsockname()[1]
    config = tmp_path / "stunnel.conf"
    config.write_text(
        f"foreground = yes\npid =\n[sos]\nclient = yes\naccept = 127.0.0.1:{clear}\n"
        f"connect = 127.0.0.1:{rig.receiver.port}\nverifyChain = yes\nCAfile = {certificate_file}\n"
    )
    with subprocess.Popen([STUNNEL, config], stderr=subprocess.DEVNULL) as tunnel:
        try:
            await eventually(lambda: reachable(clear))
            assert await transmitted(python, clear, "alarm") == [{"status": 0, "reference": "r1", "info": "OK"}]
        finally:
            tunnel.terminate()
