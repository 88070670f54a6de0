"""SOS Access against software of others, on loopback: what two ends of ours agree on proves little.

Skipped unless LARM_INTEROP=1. The peer gets a virtual environment of its own outside the repository; LARM_INTEROP_VENVS
names a folder where it is kept between runs (folder sos-access). Its TLS fails on this Python, so only clear is tried.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import venv
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from devices.peers.orders import Order
from devices.peers.sos_access_centre import Account, Centre
from devices.peers.sos_access_server import SosAccessServer
from larmcentral.channels.receiver_path import PathResult
from larmcentral.channels.receiver_sos_access import SosAccessPath
from larmcentral.clock import SystemClock
from protocols.sos_access.framing import OneDocument
from protocols.sos_access.position import PositionForm
from tests.fakes.bad_server import BadServer, Manner
from tests.fakes.kept_secrets import KeptSecrets
from tests.larmcentral.channels.sos_access_support import GIVEN, handover, row, settings
from tests.larmcentral.channels.support import running

pytestmark = pytest.mark.skipif(
    os.environ.get("LARM_INTEROP") != "1", reason="LARM_INTEROP=1 installs and runs sos-access"
)

PEER = "sos-access==0.0.8"
SCRIPTS = Path(__file__).parent / "sos_access_peer"
WITHIN_S = 60.0


@pytest.fixture(scope="session")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The peer's Python; it is installed if it is not there."""
    kept = os.environ.get("LARM_INTEROP_VENVS")
    folder = (Path(kept) if kept else tmp_path_factory.mktemp("sos-access-peer")) / "sos-access"
    if not (folder / "bin" / "python").exists():
        venv.create(folder, with_pip=True)
        subprocess.run([folder / "bin" / "python", "-m", "pip", "install", "--quiet", PEER], check=True, timeout=300)
    return folder / "bin" / "python"


def asked(python: Path, questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the peer's schemas say to each."""
    ran = subprocess.run(
        [python, "-I", SCRIPTS / "oracle.py"],
        input="".join(json.dumps(question) + "\n" for question in questions),
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=True,
    )
    return [json.loads(line) for line in ran.stdout.splitlines()]


ANSWERS = ("alarmresponse", "pingresponse", "requestnewauthenticationresponse")


async def test_its_schemas_read_what_our_path_sends_and_our_path_reads_what_they_write(python: Path) -> None:
    written = asked(python, [{"dump": root, "status": 0, "info": "Allt väl"} for root in ANSWERS])
    documents = {root: bytes.fromhex(said["hex"]) for root, said in zip(ANSWERS, written, strict=True)}

    def answer(heard: bytes) -> bytes | None:
        whole = OneDocument().feed(heard)
        if whole is None:
            return None
        if b"<alarmrequest>" in whole:
            return documents["alarmresponse"]
        return documents["pingresponse" if b"<pingrequest>" in whole else "requestnewauthenticationresponse"]

    cases = [
        handover(),
        handover(restore=True),
        handover(test=True),
        handover(row=row(text="“Ł”\n" * 900, detector_text="x" * 99, section_text="a & b < c")),
        handover(row=row(area="", section="", detector="", section_text="", detector_text="", text=""), lat=None),
    ]
    forms = [PositionForm.DEGREES, PositionForm.MINUTES, PositionForm.RT90, PositionForm.NONE]
    async with BadServer(answer, Manner.GOOD) as server:
        for form in forms:
            async with running(SosAccessPath(settings(server.port, position=form), SystemClock(), None)) as path:
                for case in cases:
                    assert (await path.hand_over(case)).words == "0 OK: Allt väl"
                assert (await path.heartbeat()).words == "0 OK: Allt väl"
                assert path.clock_offset is not None
        async with running(SosAccessPath(settings(server.port), SystemClock(), KeptSecrets())) as path:
            assert (await path.renew_authentication()).result is PathResult.TOOK
        heard = [bytes(one) for one in server.heard]

    roots = [*(["alarmrequest"] * len(cases) + ["pingrequest"]) * len(forms), "requestnewauthentication"]
    read = asked(
        python,
        [{"load": root, "hex": document.hex()} for root, document in zip(roots, heard, strict=True)],
    )
    assert [said for said in read if "error" in said] == []
    first, restore, test, long, bare = (said["read"] for said in read[: len(cases)])
    assert first | {"additional_info": None} == {
        "event_code": "PA",
        "transmitter_type": "SV300",
        "transmitter_code": "4711",
        "authentication": GIVEN,
        "receiver": "LARM",
        "alarm_type": "AL",
        "transmitter_time": "2026-11-22T14:02:03.450000",
        "reference": "7KQ2-M9XD-1",
        "transmitter_area": "1",
        "section": "7",
        "section_text": "Hemtjänst Öst",
        "detector": "17",
        "detector_text": "Anna Åkesson",
        "additional_info": None,
        "position": {"pos": "N593293E0180686"},
    }
    assert first["additional_info"].startswith("Överfallslarm\nStorgatan 5, 2 tr\nPosition WGS84 59.32930, 18.06860")
    assert restore["alarm_type"] == "RE"
    assert test["additional_info"].startswith("PROV / TEST\n")
    assert long["section_text"] == "a & b < c"
    assert long["additional_info"].startswith('"L"\n"L"\n')
    assert bare["section"] is None
    positions = [read[turn * (len(cases) + 1)]["read"]["position"] for turn in range(len(forms))]
    assert positions == [{"pos": "N593293E0180686"}, {"pos": "N591976E0180412"}, {"pos": "x6580909y1628833"}, None]


@pytest.fixture
async def centre() -> AsyncIterator[SosAccessServer]:
    server = SosAccessServer(None, centre=Centre(Account(password=GIVEN), timedelta(minutes=10)))
    await server.start()
    yield server
    await server.stop()


async def transmitted(python: Path, centre: SosAccessServer, what: str) -> list[dict[str, Any]]:
    """What its client says came of it."""
    command = [python, "-I", SCRIPTS / "transmitter.py", str(centre.port), GIVEN, what]
    process = await asyncio.create_subprocess_exec(
        *map(str, command), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        out, trouble = await asyncio.wait_for(process.communicate(), WITHIN_S)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    lines = out.decode().splitlines()
    assert lines, trouble.decode()
    said: list[dict[str, Any]] = json.loads(lines[-1])
    return said


async def test_its_client_is_satisfied_with_our_local_centre(python: Path, centre: SosAccessServer) -> None:
    said = await transmitted(python, centre, "everything")
    assert said == [
        {"status": 0, "reference": "r1", "info": "taken"},
        {"error": "DuplicateAlarm"},
        {"status": 0, "reference": "r1", "info": "taken"},
        {"status": 0, "reference": "p1", "info": "heard"},
        {"status": 0, "new": 15},
        {"status": 0, "reference": None, "info": "heard"},
        {"error": "NotAuthorized"},
    ]
    first, _, restore = (received.payload for received in list(centre.record)[:3])
    assert (first["section_text"], first["detector_text"]) == ("Hemtjänst Öst", "Anna Åkesson")
    assert restore["alarm_type"] == "RE"
    assert restore["additional_info"] == "rad 1\nrad 2"


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (1, "InvalidLength"),
        (2, "InvalidXML"),
        (3, "WrongContent"),
        (4, "NotAuthorized"),
        (7, "MandatoryDataMissing"),
        (9, "ServiceUnavailable"),
        (98, "ServerSystemError"),
        (100, "XMLHeaderError"),
    ],
)
async def test_its_client_reads_our_local_centres_statuses_as_the_table_has_them(
    python: Path, centre: SosAccessServer, status: int, name: str
) -> None:
    centre.orders.for_all(Order(status=status))
    assert await transmitted(python, centre, "alarm") == [{"error": name}]
