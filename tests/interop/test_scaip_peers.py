"""Our SIP against pjsua2, sipp and Kamailio, on loopback. No foreign implementation of SCAIP's XML runs here, so the
documents are only as right as our reading of the tables.

Skipped unless LARM_INTEROP=1. pjsua2-python gets a virtual environment of its own outside the repository;
LARM_INTEROP_PJSUA2 names one where it is kept between runs. sipp and kamailio are Debian's.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import socket
import subprocess
import venv
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from protocols.conversation import Account
from protocols.signal import AccountId, SignalKind
from tests.fakes.intake import eventually
from tests.larmcentral.conftest import reactor, rig
from tests.larmcentral.receivers.rig import Rig
from tests.larmcentral.receivers.scaip_rig import TCP, UDP, heard, listen
from tests.larmcentral.receivers.test_build import certify
from tests.larmcentral.receivers.test_udp import Panel

__all__ = ["reactor", "rig"]

pytestmark = pytest.mark.skipif(
    os.environ.get("LARM_INTEROP") != "1", reason="LARM_INTEROP=1 runs pjsua2, sipp and kamailio"
)

PJSUA2 = "pjsua2-python==2.15.1.post1"
SCRIPTS = Path(__file__).parent / "scaip_peers"
WITHIN_S = 30.0
UNIT = Account(AccountId("4670000017"), secret="hemligt ö".encode())
PLAIN_UNIT = Account(AccountId("4670000018"), secret=b"hemligt")
"""sipp reads a password up to its first blank."""
FALL = "<mrq><ref>{ref}</ref><cid>4670000017</cid><dty>0005</dty><lte>Köket</lte></mrq>"
needs_sipp = pytest.mark.skipif(shutil.which("sipp") is None, reason="Debian's sip-tester (sipp) is not installed")
needs_kamailio = pytest.mark.skipif(shutil.which("kamailio") is None, reason="kamailio is not installed")
OLD_PYOPENSSL = pytest.mark.filterwarnings("ignore:Passing pyOpenSSL (X509|PKey) objects:DeprecationWarning")


@pytest.fixture(scope="session")
def pjsua2(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The python that has pjsua2."""
    kept = os.environ.get("LARM_INTEROP_PJSUA2")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("pjsua2")
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        installed = subprocess.run([python, "-m", "pip", "install", "--quiet", PJSUA2], timeout=300, check=False)
        if installed.returncode:
            pytest.skip("pjsua2-python cannot be installed here")
    return python


async def unit(
    pjsua2: Path, port: int, transport: str, documents: Sequence[str], *, password: str = "hemligt ö"
) -> list[dict[str, Any]]:
    """Run a pjsua2 unit that sends the documents; return what it heard."""
    process = await asyncio.create_subprocess_exec(
        pjsua2, "-I", str(SCRIPTS / "pjsua2_unit.py"), str(port), transport, UNIT.device, password,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        asked = "".join(f"{each}\n" for each in documents).encode()
        out, _ = await asyncio.wait_for(process.communicate(asked), WITHIN_S)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return [json.loads(line) for line in out.decode().splitlines() if line.startswith("{")]


@OLD_PYOPENSSL
@pytest.mark.parametrize("transport", ["UDP", "TCP", "TLS"])
async def test_pjsua2_registers_tells_a_fall_twice_and_hears_our_own_message_each_time(
    rig: Rig, pjsua2: Path, transport: str, tmp_path: Path
) -> None:
    key_file, certificate_file = certify(tmp_path)
    at = {
        "UDP": UDP,
        "TCP": TCP,
        "TLS": TCP.replace("tcp:", "ssl:") + f":privateKey={key_file}:certKey={certificate_file}",
    }
    port = await listen(rig, at[transport], [UNIT])
    said = await unit(pjsua2, port, transport, [FALL.format(ref="p1"), FALL.format(ref="p1")])

    assert [told["registered"] for told in said if "registered" in told][:1] == [200], said
    assert [told["status"] for told in said if "status" in told] == [200, 200], said
    responses = [told for told in said if "mrs" in told]
    assert len(responses) == 2, said
    assert all("<ref>p1</ref><snu>0</snu>" in told["mrs"] for told in responses)
    assert {told["type"] for told in responses} == {"application/scaip+xml"}
    falls = [signal for signal in heard(rig) if signal.kind is SignalKind.FALL]
    assert [signal.text for signal in falls] == ["Falllarm; Köket"] * 2
    assert len({signal.repeat_key for signal in falls}) == 1
    assert rig.metric("larm_security_events_total", receiver="rig") == 0


async def test_pjsua2_with_a_wrong_password_is_refused_and_its_alarm_is_heard_as_a_strangers(
    rig: Rig, pjsua2: Path
) -> None:
    port = await listen(rig, UDP, [UNIT])
    said = await unit(pjsua2, port, "UDP", [FALL.format(ref="w1")], password="fel")
    assert [told["status"] for told in said if "status" in told] == [403], said
    assert [told for told in said if "mrs" in told] == []
    assert [arrival.authentic for arrival in rig.intake.stored] == [False]


async def ran(folder: Path, *arguments: str) -> None:
    process = await asyncio.create_subprocess_exec(
        "sipp", *arguments, cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    out, _ = await asyncio.wait_for(process.communicate(), WITHIN_S)
    assert process.returncode == 0, out.decode(errors="replace")[-2000:]


@needs_sipp
@pytest.mark.parametrize("transport", ["u1", "t1"])
async def test_sipp_proves_its_password_and_gets_our_mrs(rig: Rig, tmp_path: Path, transport: str) -> None:
    port = await listen(rig, UDP if transport == "u1" else TCP, [PLAIN_UNIT])
    contact_port, unit_port = free_port(), free_port()
    scenario = tmp_path / "unit.xml"
    scenario.write_text((SCRIPTS / "unit.xml").read_text().replace("CONTACT_PORT", str(contact_port)))
    (tmp_path / "units.csv").write_text(
        f"SEQUENTIAL\n{PLAIN_UNIT.device};[authentication username={PLAIN_UNIT.device} password=hemligt]\n"
    )
    common = ("-i", "127.0.0.1", "-m", "1", "-timeout", "20", "-timeout_error", "-nostdin")
    calls = ran(
        tmp_path, f"127.0.0.1:{port}", "-sf", str(scenario), "-inf", "units.csv", "-t", transport,
        "-p", str(unit_port), *common,
    )  # fmt: skip
    if transport == "u1":
        waits = ran(tmp_path, "-sf", str(SCRIPTS / "contact.xml"), "-p", str(contact_port), *common)
        await asyncio.gather(waits, calls)
    else:
        await calls
    await eventually(lambda: [signal.kind for signal in heard(rig)] == [SignalKind.FALL])
    assert heard(rig)[0].text == "Falllarm; Köket"


@asynccontextmanager
async def proxy(folder: Path, centre_port: int) -> AsyncIterator[int]:
    """Kamailio before the centre."""
    port = free_port()
    settings = folder / "kamailio.cfg"
    text = (SCRIPTS / "kamailio.cfg").read_text()
    settings.write_text(text.replace("PROXY_PORT", str(port)).replace("CENTRE_PORT", str(centre_port)))
    process = await asyncio.create_subprocess_exec(
        "kamailio", "-f", str(settings), "-DD", "-E", "-Y", str(folder), "-m", "16", "-M", "4",
        cwd=folder, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await answers(port)
        yield port
    finally:
        process.terminate()
        await process.wait()


async def answers(port: int) -> None:
    """Wait until a question through the proxy comes back answered."""
    _, asking = await asyncio.get_running_loop().create_datagram_endpoint(Panel, remote_addr=("127.0.0.1", port))
    try:
        async with asyncio.timeout(WITHIN_S):
            for number in range(1_000):
                question = (
                    f"OPTIONS sip:larm@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;rport;branch=z9hG4bK{number}\r\n"
                    f"From: <sip:a@127.0.0.1>;tag=a\r\nTo: <sip:larm@127.0.0.1>\r\nCall-ID: {number}\r\n"
                    "CSeq: 1 OPTIONS\r\nMax-Forwards: 9\r\nContent-Length: 0\r\n\r\n"
                )
                asking.wire.sendto(question.encode())
                with contextlib.suppress(TimeoutError):
                    if (await asyncio.wait_for(asking.heard.get(), 0.2)).startswith(b"SIP/2.0 200"):
                        return
    finally:
        asking.wire.close()


@needs_kamailio
async def test_a_unit_behind_kamailio_registers_tells_and_hears_through_the_proxy(
    rig: Rig, pjsua2: Path, tmp_path: Path
) -> None:
    port = await listen(rig, UDP, [UNIT])
    async with proxy(tmp_path, port) as proxy_port:
        said = await unit(pjsua2, proxy_port, "UDP", [FALL.format(ref="k1")])
    assert [told["status"] for told in said if "status" in told] == [200], said
    assert ["<ref>k1</ref><snu>0</snu>" in told["mrs"] for told in said if "mrs" in told] == [True], said
    assert SignalKind.FALL in {signal.kind for signal in heard(rig)}


def free_port() -> int:
    """Return a port that is free for UDP and TCP just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
