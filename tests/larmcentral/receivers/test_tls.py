"""TLS of the listeners, asked by clients of every kind on real sockets."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
from OpenSSL import SSL

from larmcentral.endpoint import parse_endpoint
from larmcentral.receivers import tls
from tests.fakes.intake import eventually
from tests.larmcentral.receivers.rig import PATIENCE_S, Rig
from tests.larmcentral.receivers.scaip_rig import listen as listen_scaip
from tests.larmcentral.receivers.test_build import TWISTED_USES_OLD_PYOPENSSL, certify

pytestmark = TWISTED_USES_OLD_PYOPENSSL

OLD, NEW = "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305"
WEAK = ("AES128-SHA", "ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES128-SHA256", "AES128-GCM-SHA256", "NULL", "aNULL")
ANY = "ALL:eNULL:@SECLEVEL=0"
V1_0, V1_1, V1_2, V1_3 = (
    ssl.TLSVersion.TLSv1,
    ssl.TLSVersion.TLSv1_1,
    ssl.TLSVersion.TLSv1_2,
    ssl.TLSVersion.TLSv1_3,
)


async def watches(rig: Rig, at: str) -> None:
    await rig.tcp(listen=at)


async def phones(rig: Rig, at: str) -> None:
    await rig.http(listen=at)


async def social_alarms(rig: Rig, at: str) -> None:
    await listen_scaip(rig, at, [])


LISTENERS = {"watches": watches, "phones": phones, "social alarms": social_alarms}


@pytest.mark.parametrize("listener", LISTENERS)
@pytest.mark.parametrize(
    ("version", "suites", "taken"),
    [
        (V1_0, ANY, False),
        (V1_1, ANY, False),
        (V1_2, OLD, True),
        (V1_2, NEW, True),
        (V1_3, ANY, True),
        *((V1_2, f"{weak}:@SECLEVEL=0", False) for weak in WEAK),
    ],
)
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
async def test_what_is_spoken(
    rig: Rig, tmp_path: Path, listener: str, version: ssl.TLSVersion, suites: str, taken: bool
) -> None:
    await LISTENERS[listener](rig, listen_at(tmp_path))
    assert await spoken(rig, version, suites) is taken


async def test_nothing_is_compressed_renegotiated_or_taken_up_again(rig: Rig, tmp_path: Path) -> None:
    await watches(rig, listen_at(tmp_path))
    said = await asyncio.to_thread(ask_for_more, rig.receiver.port or 0)
    assert said == {"renegotiated": False, "taken up again": False, "compressed": False}


async def test_a_renewed_certificate_is_shown_to_who_connects_and_a_broken_one_is_not(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tls, "LOOK_EVERY_S", 0.0)
    await watches(rig, listen_at(tmp_path))
    first = await shown(rig)
    key_file, certificate_file = certify(tmp_path)
    second = await shown(rig)
    assert second != first
    certificate_file.write_text("half of")
    assert await shown(rig) == second
    key_file.unlink()
    assert await shown(rig) == second
    certify(tmp_path)
    assert await shown(rig) not in {first, second}


async def test_the_files_are_looked_at_now_and_then(tmp_path: Path) -> None:
    key_file, certificate_file = certify(tmp_path)
    now = [0.0]
    certificates = tls.Certificates(
        "rig", {"privateKey": str(key_file), "certKey": str(certificate_file)}, lambda: now[0]
    )
    first = certificates.getContext()
    certify(tmp_path)
    os.utime(key_file, ns=(1, 1))
    now[0] = tls.LOOK_EVERY_S - 0.1
    assert certificates.getContext() is first
    now[0] = tls.LOOK_EVERY_S
    assert certificates.getContext() is not first


async def test_handshakes_that_go_on_for_ever_do_not_keep_a_device_out(rig: Rig, tmp_path: Path) -> None:
    await watches(rig, listen_at(tmp_path))
    begun = [await rig.connect() for _ in range(50)]
    for each in begun:
        each.send(b"\x16\x03\x01\x02\x00\x01")
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trust.load_verify_locations(tmp_path / "certificate.pem")
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", rig.receiver.port, ssl=trust, server_hostname="larm.test"
    )
    writer.write(b"name anna\nalarm 1\n")
    async with asyncio.timeout(PATIENCE_S):
        assert [await reader.readline(), await reader.readline()] == [b"ack name\n", b"ack 1\n"]
    writer.transport.abort()


@pytest.mark.parametrize("named", ["sslmethod=TLSv1_METHOD", "dhParameters=/etc/dh.pem"])
def test_nobody_can_set_less(named: str) -> None:
    with pytest.raises(ValueError, match="ssl has no"):
        parse_endpoint(f"ssl:port=0:{named}")


def listen_at(folder: Path) -> str:
    key_file, certificate_file = certify(folder)
    return f"ssl:port=0:interface=127.0.0.1:privateKey={key_file}:certKey={certificate_file}"


def client(version: ssl.TLSVersion, suites: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.minimum_version = context.maximum_version = version
    context.set_ciphers(suites)
    return context


async def spoken(rig: Rig, version: ssl.TLSVersion, suites: str) -> bool:
    """Say whether a handshake comes to its end."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            _, writer = await asyncio.open_connection("127.0.0.1", rig.receiver.port, ssl=client(version, suites))
    except (ssl.SSLError, ConnectionError):
        return False
    assert writer.get_extra_info("ssl_object").version() == version.name.replace("_", ".")
    writer.transport.abort()
    return True


async def shown(rig: Rig) -> bytes:
    """Return the certificate that a newcomer sees."""
    _, writer = await asyncio.open_connection("127.0.0.1", rig.receiver.port, ssl=client(V1_3, ANY))
    certificate: bytes = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.transport.abort()
    await eventually(lambda: True)
    return certificate


def ask_for_more(port: int) -> dict[str, bool]:
    """Shake hands over TLS 1.2 and ask for what a server should not grant."""
    context = client(V1_2, OLD)
    with context.wrap_socket(socket.create_connection(("127.0.0.1", port), PATIENCE_S)) as first:
        session, compressed = first.session, first.compression() is not None
    with context.wrap_socket(socket.create_connection(("127.0.0.1", port), PATIENCE_S), session=session) as second:
        taken_up_again = bool(second.session_reused)
    wire = socket.create_connection(("127.0.0.1", port))
    asks = SSL.Context(SSL.TLS_CLIENT_METHOD)
    asks.set_max_proto_version(SSL.TLS1_2_VERSION)
    connection = SSL.Connection(asks, wire)
    connection.set_connect_state()
    connection.do_handshake()
    renegotiated = connection.renegotiate() and _granted(connection.do_handshake)
    wire.close()
    return {"renegotiated": renegotiated, "taken up again": taken_up_again, "compressed": compressed}


def _granted(step: Callable[[], None]) -> bool:
    try:
        step()
    except SSL.Error:
        return False
    return True
