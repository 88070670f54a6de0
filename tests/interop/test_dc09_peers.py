"""DC-09 against software of others, on loopback: what two ends of ours agree on proves little.

Skipped unless LARM_INTEROP=1. Each peer gets a virtual environment of its own outside the repository;
LARM_INTEROP_VENVS names a folder where they are kept between runs (folders siadc09, my-dc09-spt, pysiaalarm).
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import socket
import subprocess
import venv
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from devices.device import Address, DeviceSettings, Surroundings
from devices.panel import Panel, build
from protocols.dc09 import extended
from protocols.dc09.codec import open_envelope, parse, serialise
from protocols.dc09.framing import Frame, Framer, frame
from protocols.dc09.messages import ADM_CID, NULL, SIA_DCS, XNM, Header, Message, SiaEvent, SiaReport, ack_of, duh_of
from protocols.dc09.payload import serialise_sia
from protocols.signal import SignalKind
from tests.protocols.dc09.receiver import TinyReceiver, tcp, udp
from tests.protocols.dc09.support import CLEAR, KEY, NOON, SEALED

pytestmark = pytest.mark.skipif(
    os.environ.get("LARM_INTEROP") != "1", reason="LARM_INTEROP=1 installs and runs siadc09, my-dc09-spt and pysiaalarm"
)

PEERS = {"siadc09": "siadc09==1.0.1", "my-dc09-spt": "my-dc09-spt==0.2.2", "pysiaalarm": "pysiaalarm==3.2.2"}
SCRIPTS = Path(__file__).parent / "dc09_peers"
WITHIN_S = 30.0
KEYS = [None, KEY, bytes(range(24)), bytes(range(32))]


@pytest.fixture(scope="session")
def venvs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the peers' environments; what is not there is installed."""
    kept = os.environ.get("LARM_INTEROP_VENVS")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("dc09-peers")
    for name, wanted in PEERS.items():
        if not (folder / name / "bin" / "python").exists():
            venv.create(folder / name, with_pip=True)
            python = folder / name / "bin" / "python"
            subprocess.run([python, "-m", "pip", "install", "--quiet", wanted], check=True, timeout=300)
    return folder


def command(venvs: Path, peer: str, script: str, *arguments: object) -> list[str]:
    return [str(venvs / peer / "bin" / "python"), "-I", str(SCRIPTS / script), *map(str, arguments)]


def our_messages() -> list[tuple[Message, bytes | None]]:
    """Everything that we emit, with every kind of key."""
    rng = random.Random(9)
    messages: list[tuple[Message, bytes | None]] = []
    for key in KEYS:
        for seq in range(1, 26):
            header = Header(seq, rng.choice([None, "1", "A1"]), "0", f"{rng.randrange(0x1000, 0xFFFF):X}")
            event = SiaEvent(
                code=rng.choice(["PA", "QA", "HA", "RP"]), address="7", modifiers=(("ri", "1"),), text="x" * seq
            )
            data = serialise_sia(SiaReport(account=header.account, events=(event,)))
            blocks = extended.place(59.3293, 18.0686) if seq % 3 == 0 else ()
            plain = Message(name=SIA_DCS, header=header, data=data, sent_at=NOON, encrypted=key is not None)
            messages.append((replace(plain, blocks=blocks), key))
            messages.append((replace(plain, name=ADM_CID, data=f"#{header.account}|1120 01 007".encode()), key))
            messages += [(replace(plain, name=name, data=b""), key) for name in (NULL, XNM)]
            messages += [(ack_of(plain, NOON), key), (duh_of(plain), None)]
    return messages


def test_siadc09_reads_every_frame_that_we_write_and_we_read_every_frame_that_it_writes(venvs: Path) -> None:
    ours = our_messages()
    asked = [
        json.dumps(
            {"hex": frame(serialise(message, key, random.Random(4).randbytes)).hex(), "key": key.hex() if key else None}
        )
        for message, key in ours
    ]
    ran = subprocess.run(
        command(venvs, "siadc09", "siadc09_oracle.py"),
        input="\n".join(asked) + "\n",
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=True,
    )
    said = [json.loads(line) for line in ran.stdout.splitlines()]
    assert len(said) > len(ours)
    for (message, _), read in zip(ours, said, strict=False):
        assert read.get("error") is None, (message, read)
        assert read["name"] == message.name
        assert read["seq"] == message.header.seq
        assert read["account"] == int(message.header.account or "", 16)
        assert read["encrypted"] == message.encrypted
        assert bytes.fromhex(read["data"]) == message.data
        assert read["blocks"] == len(message.blocks)
        assert read["sent_at"] == (message.sent_at and message.sent_at.replace(microsecond=0).isoformat())
    for emitted in said[len(ours) :]:
        assert "error" not in emitted, emitted
        (found,) = Framer().feed(bytes.fromhex(emitted["hex"]))
        assert isinstance(found, Frame)
        key = bytes.fromhex(emitted["key"]) if emitted["key"] else None
        message = parse(open_envelope(found.text), key)
        data = {"panic": b"#ABCD|Nri1/PA7^Reception^", "panic_cid": b"#ABCD|1120 01 007", "null": b"", "xnm": b""}
        assert message.data == data[emitted["kind"]]
        assert (message.header, message.tail) == (Header(7, "1", "0", "ABCD"), b"")
        assert message.sent_at == datetime(2026, 1, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("transport", ["TCP", "UDP"])
@pytest.mark.parametrize("key", [None, KEY], ids=["clear", "sealed"])
async def test_the_dialler_my_dc09_spt_is_satisfied_with_our_answers(
    venvs: Path, transport: str, key: bytes | None
) -> None:
    async with (tcp if transport == "TCP" else udp)(TinyReceiver((CLEAR, SEALED))) as receiver:
        arguments = (receiver.port, transport, key.hex() if key else "-", 6)
        dialler = await asyncio.create_subprocess_exec(
            *command(venvs, "my-dc09-spt", "spt_dialler.py", *arguments),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            out, trouble = await asyncio.wait_for(dialler.communicate(), WITHIN_S)
        finally:
            if dialler.returncode is None:
                dialler.kill()
                await dialler.wait()
        lines = out.decode().splitlines()
        assert lines, trouble.decode()
        said = json.loads(lines[-1])
    kinds = [signal.kind for signal in receiver.signals]
    reports = [kind for kind in kinds if kind is not SignalKind.LINK_TEST]
    assert reports == [SignalKind.PANIC, SignalKind.TEST_ALARM, SignalKind.PANIC, SignalKind.RESTORE], (said, trouble)
    assert kinds.count(SignalKind.LINK_TEST) >= 1
    assert receiver.faults == []
    assert "ok" in said["state"].lower(), said


@asynccontextmanager
async def centre(venvs: Path, transport: str) -> AsyncIterator[tuple[int, asyncio.subprocess.Process]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        *command(venvs, "pysiaalarm", "pysiaalarm_centre.py", port, transport),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    await asyncio.wait_for(process.stdout.readline(), WITHIN_S)
    try:
        yield port, process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def panel(port: int, transport: str, key: bytes | None, form: str) -> Panel:
    # it needs the receiver field, and drops bytes that are not ASCII before it computes the checksum
    options = {"transport": transport.lower(), "form": form, "receiver": "1", "text": "Personlarm"}
    settings = DeviceSettings(
        device="5678" if key else "1234",
        addresses=(Address("127.0.0.1", port),),
        secret=key.hex() if key else None,
        retransmit_s=2.0,
        give_up_s=10.0,
        options=options,
    )
    return build(settings, Surroundings(chance=random.Random(3)))


@pytest.mark.parametrize("transport", ["TCP", "UDP"])
@pytest.mark.parametrize("key", [None, KEY], ids=["clear", "sealed"])
@pytest.mark.parametrize("form", ["sia", "cid"])
async def test_the_centre_pysiaalarm_takes_what_our_transmitter_sends(
    venvs: Path, transport: str, key: bytes | None, form: str
) -> None:
    async with centre(venvs, transport) as (port, process):
        device = panel(port, transport, key, form)
        receipts = [await device.press(), await device.test(), await device.poll()]
        await device.close()
        assert process.stdout is not None
        lines = [await asyncio.wait_for(process.stdout.readline(), WITHIN_S) for _ in receipts]
    events: list[dict[str, Any]] = [json.loads(line) for line in lines]
    assert [receipt.acked for receipt in receipts] == [True, True, True], (receipts, events)
    assert [receipt.attempts for receipt in receipts] == [1, 1, 1]
    # it handles datagrams in threads, and calls a link test RP
    assert sorted(event["code"] for event in events) == ["PA", "RP", "RP"], events
    assert all(event["encrypted"] is (key is not None) for event in events)
