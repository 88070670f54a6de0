"""Our forwarder's DC-09 path before centres that are not ours, on loopback.

Skipped unless LARM_INTEROP=1. Each peer gets an environment of its own outside the repository; LARM_INTEROP_VENVS
names a folder where they are kept between runs (folders siadc09, pysiaalarm, iobroker).
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import subprocess
import venv
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from devices.peers.arc_dc09_server import ArcDc09Server
from larmcentral.channels.receiver_path import PathResult
from larmcentral.domain.forwarding_defaults import all_defaults
from tests.larmcentral.channels.centre import KEY, dc09, handover
from tests.larmcentral.channels.support import running

pytestmark = pytest.mark.skipif(
    os.environ.get("LARM_INTEROP") != "1",
    reason="LARM_INTEROP=1 installs and runs pysiaalarm, siadc09 and npm's iobroker.sia",
)

PEERS = {"siadc09": "siadc09==1.0.1", "pysiaalarm": "pysiaalarm==3.2.2"}
IOBROKER = "iobroker.sia@2.0.4"
SCRIPTS = Path(__file__).parent / "dc09_peers"
WITHIN_S = 30.0
PATIENT = timedelta(seconds=10)


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the peers' environments."""
    said = os.environ.get("LARM_INTEROP_VENVS")
    return Path(said) if said else tmp_path_factory.mktemp("dc09-centres")


@pytest.fixture(scope="session")
def venvs(kept: Path) -> Path:
    """The same, with every Python peer in it; what is not there is installed."""
    for name, wanted in PEERS.items():
        python = kept / name / "bin" / "python"
        if not python.exists():
            venv.create(kept / name, with_pip=True)
            subprocess.run([python, "-m", "pip", "install", "--quiet", wanted], check=True, timeout=300)
    return kept


@pytest.fixture(scope="session")
def iobroker(kept: Path) -> Path:
    """The folder with iobroker.sia's node_modules; installed without its scripts, for we need one file of it."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        pytest.skip("npm and node install and run iobroker.sia")
    folder = kept / "iobroker"
    if not (folder / "node_modules" / "iobroker.sia").exists():
        folder.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--no-audit", "--no-fund", "--no-save", "--ignore-scripts"]
        subprocess.run([*command, "--prefix", str(folder), IOBROKER], check=True, timeout=300, cwd=folder)
    return folder


@asynccontextmanager
async def centre(*command: object, transport: str) -> AsyncIterator[tuple[int, asyncio.StreamReader]]:
    """Somebody else's centre in a process of its own; its port and what it says."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        *map(str, command), str(port), transport, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert "listening" in json.loads(await asyncio.wait_for(process.stdout.readline(), WITHIN_S))
    try:
        yield port, process.stdout
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def said(lines: asyncio.StreamReader, count: int) -> list[dict[str, Any]]:
    return [json.loads(await asyncio.wait_for(lines.readline(), WITHIN_S)) for _ in range(count)]


def account(sealed: bool) -> dict[str, Any]:
    return {"account": "5678", "key": KEY} if sealed else {"account": "1234"}


@pytest.mark.parametrize("transport", ["TCP", "UDP"])
@pytest.mark.parametrize("sealed", [False, True], ids=["clear", "sealed"])
@pytest.mark.parametrize("payload", ["sia", "cid"])
async def test_pysiaalarm_takes_a_case_and_its_end_and_our_heartbeat(
    venvs: Path, transport: str, sealed: bool, payload: str
) -> None:
    command = (venvs / "pysiaalarm" / "bin" / "python", "-I", SCRIPTS / "pysiaalarm_centre.py")
    async with centre(*command, transport=transport) as (port, lines):
        path = dc09(port, transport=transport.lower(), payload=payload, deadline=PATIENT, **account(sealed))
        async with running(path):
            answers = [
                await path.hand_over(handover()),
                await path.hand_over(handover(restore=True)),
                await path.heartbeat(),
            ]
        events = await said(lines, 3)
    assert [(answer.result, answer.minimal) for answer in answers] == [(PathResult.TOOK, False)] * 3, (answers, events)
    # with Contact ID it reads one block and no more, so there the case goes out twice
    assert [answer.words.startswith("one block: ACK") for answer in answers] == [payload == "cid"] * 2 + [False]
    # it calls a link test RP and Contact ID's restore PH, and handles datagrams in threads
    assert {event["code"] for event in events} == {"PA", "PR" if payload == "sia" else "PH", "RP"}, events
    assert all(event["encrypted"] is sealed for event in events)
    assert all(event["account"] == account(sealed)["account"] for event in events)


@pytest.mark.parametrize("transport", ["TCP", "UDP"])
@pytest.mark.parametrize("sealed", [False, True], ids=["clear", "sealed"])
async def test_iobroker_takes_a_case_in_ascii_and_sealed_also_in_swedish(
    iobroker: Path, transport: str, sealed: bool
) -> None:
    command = ("node", SCRIPTS / "iobroker_centre.cjs", iobroker)
    async with centre(*command, transport=transport) as (port, lines):
        changes = {"character_set": "cp1252" if sealed else "ascii", "deadline": PATIENT, **account(sealed)}
        async with running(dc09(port, transport=transport.lower(), **changes)) as path:
            answers = [await path.hand_over(handover()), await path.hand_over(handover(restore=True))]
        events = await said(lines, 2)
    assert [(answer.result, answer.minimal) for answer in answers] == [(PathResult.TOOK, False)] * 2, (answers, events)
    assert [event["id"] for event in events] == ["*SIA-DCS" if sealed else "SIA-DCS"] * 2
    assert all(event["act"] == account(sealed)["account"] for event in events), events


async def test_iobroker_takes_what_is_beyond_ascii_in_the_clear_in_the_shortest_form(iobroker: Path) -> None:
    """It reads bytes as signs before it computes the checksum; so the settings say "ascii" unless agreed."""
    command = ("node", SCRIPTS / "iobroker_centre.cjs", iobroker)
    async with centre(*command, transport="TCP") as (port, _):
        path = dc09(port, character_set="cp1252", deadline=PATIENT)
        async with running(path):
            answer = await path.hand_over(handover())
    assert (answer.result, answer.minimal) == (PathResult.TOOK, True), answer


@pytest.mark.parametrize("sealed", [False, True], ids=["clear", "sealed"])
async def test_siadc09_reads_every_frame_of_ours(venvs: Path, sealed: bool) -> None:
    """Every row that we propose, begun and ended, in both payloads, with and without texts, and the heartbeat."""
    arc = ArcDc09Server({"1234": None, "5678": KEY})
    await arc.start()
    try:
        for payload in ("sia", "cid"):
            async with running(dc09(arc.port, payload=payload, deadline=PATIENT, **account(sealed))) as path:
                for row in all_defaults():
                    for restore in (False, True):
                        told = handover(row, restore=restore, lat=None if restore else 59.3293)
                        assert (await path.hand_over(told)).result is PathResult.TOOK
                assert (await path.heartbeat()).result is PathResult.TOOK
    finally:
        await arc.stop()
    sent = [received.payload for received in arc.record.since(0, 1000)]
    asked = "".join(json.dumps({"hex": one["frame"], "key": KEY.hex() if sealed else None}) + "\n" for one in sent)
    ran = subprocess.run(
        [venvs / "siadc09" / "bin" / "python", "-I", SCRIPTS / "siadc09_oracle.py"],
        input=asked,
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=True,
    )
    read = [json.loads(line) for line in ran.stdout.splitlines()][: len(sent)]
    assert len(read) == len(sent) == 4 * len(all_defaults()) + 2
    for ours, theirs in zip(sent, read, strict=True):
        assert theirs.get("error") is None, (ours, theirs)
        assert (theirs["name"], theirs["seq"], theirs["encrypted"]) == (ours["name"], ours["seq"], sealed)
        assert bytes.fromhex(theirs["data"]).decode("ascii") == ours["data"]
        assert theirs["blocks"] == len(ours["blocks"])
        assert f"{theirs['account']:X}" == ours["account"]
