"""Our SMPP against message centres of others, on loopback: what two ends of ours agree on proves little.

Skipped unless LARM_INTEROP=1. npm's smpp and PyPI's smpp34 are installed into folders of their own outside the
repository; LARM_INTEROP_SMPP names one where they are kept between runs.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import subprocess
import venv
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from larmcentral.channels.sms_smpp import SmppChannel, SmppSettings
from larmcentral.channels.wording import Wording
from larmcentral.clock import SystemClock
from larmcentral.domain.notice import Delivery, DeliveryState, Probe
from tests.larmcentral.channels.support import NUMBER, PATIENT, outward, running, text, until

pytestmark = pytest.mark.skipif(
    os.environ.get("LARM_INTEROP") != "1" or shutil.which("npm") is None,
    reason="LARM_INTEROP=1 and npm install and run smpp (npm) and smpp34 (PyPI)",
)

NODE, RUST = "smpp@0.5.1", "smpp34==1.5.0"
SCRIPTS = Path(__file__).parent / "smpp_peers"
WITHIN_S = 30.0


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of both peers; what is not there is installed."""
    kept = os.environ.get("LARM_INTEROP_SMPP")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("smpp-peers")
    if not (folder / "node_modules" / "smpp").exists():
        command = ["npm", "install", "--no-audit", "--no-fund", "--no-save", "--prefix", str(folder), NODE]
        subprocess.run(command, check=True, timeout=300, cwd=folder)
    if not (folder / "rust" / "bin" / "python").exists():
        venv.create(folder / "rust", with_pip=True)
        python = folder / "rust" / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", RUST], check=True, timeout=300)
    return folder


class Peer:
    """A centre in another process. told: what it printed so far."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.told: list[dict[str, Any]] = []
        self.reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            self.told.append(json.loads(line))

    def of(self, key: str) -> list[dict[str, Any]]:
        return [line for line in self.told if key in line]

    async def wait(self, key: str, times: int = 1) -> None:
        await until(lambda: len(self.of(key)) >= times, WITHIN_S)

    def write(self, words: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(words.encode() + b"\n")


@asynccontextmanager
async def centre(*command: object) -> AsyncIterator[Peer]:
    process = await asyncio.create_subprocess_exec(
        *map(str, command), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    peer = Peer(process)
    try:
        await peer.wait("port")
        yield peer
    finally:
        process.kill()
        await process.wait()
        await peer.reading


Start = Callable[[], Any]


@pytest.fixture(params=["npm smpp 0.5.1", "smpp34 1.5.0"])
def start(request: pytest.FixtureRequest, installed: Path) -> Start:
    if str(request.param).startswith("npm"):
        return lambda: centre("node", SCRIPTS / "smsc.cjs", installed)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return lambda: centre(installed / "rust" / "bin" / "python", "-I", SCRIPTS / "smpp34_smsc.py", port)


class Heard:
    def __init__(self) -> None:
        self.receipts: list[tuple[str, Delivery]] = []
        self.texts: list[tuple[str, str]] = []

    async def receipt(self, name: str, delivery: Delivery) -> None:
        self.receipts.append((name, delivery))

    async def text(self, number: str, words: str) -> str | None:
        self.texts.append((number, words))
        return None


def channel(port: int, heard: Heard, password: str = "hemligt") -> SmppChannel:
    settings = SmppSettings(
        host="127.0.0.1",
        port=port,
        tls=False,
        system_id="larm",
        password=password,
        sender="+46700000001",
        deadline=PATIENT,
    )
    return SmppChannel(
        settings, SystemClock(), Wording("Europe/Stockholm"), on_receipt=heard.receipt, on_text=heard.text
    )


async def test_another_centre_takes_reports_throttles_and_brings_answers(start: Start) -> None:
    heard = Heard()
    async with start() as peer, running(channel(peer.told[0]["port"], heard)) as sms:
        plain = await sms.send(outward("a", words=text(place="Åvägen 5 €")))
        wide = await sms.send(outward("b", words=text(place="日本")))
        throttled = await sms.send(outward("c", address="+46700000018"))
        many = await asyncio.gather(*(sms.send(outward(str(n))) for n in range(200)))
        look = await sms.probe()
        await until(lambda: len(heard.receipts) == 202, WITHIN_S)
        peer.write("JA tack")
        await until(lambda: heard.texts != [], WITHIN_S)
        await peer.wait("taken", 203)

    assert (plain.state, wide.state, throttled.state) == (
        DeliveryState.SENT,
        DeliveryState.SENT,
        DeliveryState.RETRY,
    )
    assert throttled.reason == "ESME_RTHROTTLED"
    assert {one.state for one in many} == {DeliveryState.SENT}
    assert sorted(name for name, _ in heard.receipts) == sorted(str(one.provider_id) for one in (plain, wide, *many))
    assert {told.state for _, told in heard.receipts} == {DeliveryState.DELIVERED}
    assert heard.texts == [(NUMBER, "JA tack")]
    assert look == Probe(alive=True)
    first, second, *_ = peer.of("source_addr")
    assert (first["source_addr"], first["source_addr_ton"]) == ("46700000001", 1)
    assert (first["destination_addr"], first["dest_addr_ton"]) == (NUMBER[1:], 1)
    assert (first["data_coding"], first["registered_delivery"], second["data_coding"]) == (0, 1, 8)
    if "hex" in first:
        assert bytes.fromhex("0e 76 7b 67 65 6e 20 35 20 1b 65").hex() in first["hex"]
        assert "日本".encode("utf-16-be").hex() in second["hex"]
    else:
        assert "Åvägen 5 €" in first["message"]
        assert "日本" in second["message"]


async def test_a_centre_of_npm_refuses_a_wrong_password(installed: Path) -> None:
    async with (
        centre("node", SCRIPTS / "smsc.cjs", installed) as peer,
        running(channel(peer.told[0]["port"], Heard(), password="wrong")) as sms,
    ):
        delivery = await sms.send(outward())

    assert delivery.reason == "the bind is refused: ESME_RINVPASWD (our system_id or password)"
