"""The real protocols on the transports that carry them, as assembly builds them."""

from __future__ import annotations

import asyncio
import datetime as dt
import ssl
from collections.abc import Sequence
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from larmcentral.domain.arrival import ReceiverName
from larmcentral.domain.enrolled import EnrolledDevice
from larmcentral.endpoint import parse_endpoint
from larmcentral.receivers.build import build_receiver
from larmcentral.receivers.enrolled import EnrolledDevices
from larmcentral.receivers.limits import Limits
from larmcentral.receivers.listening import CannotListen, Receiver
from protocols.dc09.transmitter import Dc09Transmitter
from protocols.signal import AccountId, SignalKind
from tests.fakes.intake import eventually
from tests.larmcentral.receivers.rig import NAME, PATIENCE_S, Device, Rig
from tests.larmcentral.receivers.test_udp import Panel

# tests/captures: watch/by_hand.toml and tables.toml, dc09/vectors_clear.toml
WATCH_ALARM = b"[3G*8660000001*0002*AL]"
WATCH_BEAT = b"[3G*8660000001*000B*LK,120,3,81]"
WATCH_ACK = b"[3G*8660000001*0002*AL]"
PANIC = b'\n95530020"SIA-DCS"0001L0#1234[#1234|NPA7]\r'
PANIC_ACK = b'\n1BC10012"ACK"0001L0#1234[]\r'
KEY = bytes(range(16))
TWISTED_USES_OLD_PYOPENSSL = pytest.mark.filterwarnings(
    "ignore:Passing pyOpenSSL (X509|PKey) objects:DeprecationWarning"
)


async def build(rig: Rig, protocol: str, listen: str, *enrolled: tuple[str, bytes | None]) -> Receiver:
    rows = [
        EnrolledDevice(protocol=protocol, account=AccountId(name), secret=secret, changed_at=rig.clock.now())
        for name, secret in enrolled
    ]

    async def load(since: dt.datetime | None) -> Sequence[EnrolledDevice]:
        return rows

    devices = EnrolledDevices(load=load, clock=rig.clock)
    await devices.refresh()
    rig.receiver = build_receiver(
        ReceiverName(
            name="rig", protocol=protocol, organisation_id=NAME.organisation_id, committee_id=NAME.committee_id
        ),
        parse_endpoint(listen),
        Limits(),
        reactor=rig.reactor,
        takes_in=rig.intake,
        devices=devices,
        sessions=rig.sessions,
        echoes=rig.echoes,
        words=rig.words,
        clock=rig.clock,
        metrics=rig.metrics,
        draw=bytes,
    )
    rig.closes(rig.receiver)
    await rig.receiver.start()
    return rig.receiver


async def test_a_watch_is_heard_answered_and_reached(rig: Rig) -> None:
    await build(rig, "watch", "tcp:port=0:interface=127.0.0.1", ("8660000001", None))
    watch = await rig.connect()
    watch.send(b"noise" + WATCH_ALARM[:9])
    watch.send(WATCH_ALARM[9:] + WATCH_ALARM)
    assert await watch.read(2 * len(WATCH_ACK)) == 2 * WATCH_ACK
    assert {signal.kind for arrival in rig.intake.stored for signal in arrival.signals} == {
        SignalKind.UNSPECIFIED_ALARM
    }
    assert [found.raw for found in rig.intake.unknown] == [b"noise"]
    line = rig.sessions.line(("watch", AccountId("8660000001")))
    assert line is not None
    assert line.send(b"[3G*8660000001*0004*FIND]")
    assert await watch.read(25) == b"[3G*8660000001*0004*FIND]"


async def test_a_watch_that_is_not_enrolled_is_answered_and_stored_with_an_alarm_only(rig: Rig) -> None:
    await build(rig, "watch", "tcp:port=0:interface=127.0.0.1")
    watch = await rig.connect()
    watch.send(WATCH_BEAT + WATCH_ALARM)
    answers = WATCH_ACK.replace(b"*AL]", b"*LK]") + WATCH_ACK
    assert await watch.read(len(answers)) == answers
    assert [found.raw for found in rig.intake.unknown] == [WATCH_BEAT]
    assert [arrival.raw for arrival in rig.intake.stored] == [WATCH_ALARM]


async def test_a_panel_is_answered_over_tcp_and_a_wrong_checksum_is_not(rig: Rig) -> None:
    await build(rig, "dc09", "tcp:port=0:interface=127.0.0.1", ("1234", None))
    panel = await rig.connect()
    panel.send(PANIC.replace(b"9553", b"9554") + PANIC)
    assert await panel.read(len(PANIC_ACK)) == PANIC_ACK
    assert rig.metric("larm_faults_total", receiver="rig", reason="ChecksumMismatch") == 1
    assert len(rig.intake.stored) == 1


async def test_a_panel_with_the_wrong_key_is_a_security_event(rig: Rig) -> None:
    await build(rig, "dc09", "tcp:port=0:interface=127.0.0.1", ("1234", KEY))
    panel = await rig.connect()
    forger = Dc09Transmitter("1234", key=bytes(16), draw=bytes)
    panel.send(forger.report("SIA-DCS", b"#1234|NPA7", rig.clock.now()))
    await eventually(lambda: rig.metric("larm_security_events_total", receiver="rig") == 1)
    assert rig.intake.stored == []


async def test_two_datagrams_of_a_panel_are_answered_and_a_cut_one_is_not(rig: Rig) -> None:
    await build(rig, "dc09", "udp:port=0:interface=127.0.0.1", ("1234", None))
    _, panel = await asyncio.get_running_loop().create_datagram_endpoint(
        Panel, remote_addr=("127.0.0.1", rig.receiver.port or 0)
    )
    panel.wire.sendto(PANIC[:20])
    panel.wire.sendto(PANIC)
    panel.wire.sendto(PANIC)
    assert [await panel.hear(), await panel.hear()] == [PANIC_ACK, PANIC_ACK]
    assert [found.raw for found in rig.intake.unknown] == [PANIC[:20].strip(b"\n")] or rig.intake.unknown
    panel.wire.close()


async def test_a_phone_is_answered_over_http(rig: Rig) -> None:
    await build(rig, "owntracks", "tcp:port=0:interface=127.0.0.1")
    phone = await rig.connect()
    phone.send(b"POST /pub HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}")
    assert (await phone.hear()).startswith("HTTP/1.1 ")


@TWISTED_USES_OLD_PYOPENSSL
async def test_a_panel_is_answered_over_tls(rig: Rig, tmp_path: Path) -> None:
    key_file, certificate_file = certify(tmp_path)
    await build(
        rig,
        "dc09",
        f"ssl:port=0:interface=127.0.0.1:privateKey={key_file}:certKey={certificate_file}",
        ("1234", None),
    )
    trust = ssl.create_default_context(cafile=certificate_file)
    silent = await rig.connect()
    panel = Device(
        *await asyncio.open_connection("127.0.0.1", rig.receiver.port, ssl=trust, server_hostname="larm.test")
    )
    panel.send(PANIC)
    assert await panel.read(len(PANIC_ACK)) == PANIC_ACK
    stopping = asyncio.ensure_future(rig.receiver.stop())
    assert await panel.hear_all() == b""
    await panel.left()
    await silent.leave()
    await asyncio.wait_for(stopping, PATIENCE_S)


async def test_a_key_that_does_not_fit_its_certificate_is_said_at_the_start(rig: Rig, tmp_path: Path) -> None:
    key_file, _ = certify(tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    _, certificate_file = certify(other)
    with pytest.raises(CannotListen, match=r"cannot be opened: .*(?i:mismatch)"):
        await build(rig, "dc09", f"ssl:port=0:privateKey={key_file}:certKey={certificate_file}")


@pytest.mark.parametrize("protocol", ["watch", "osmand"])
async def test_what_is_not_spoken_over_udp_is_said(rig: Rig, protocol: str) -> None:
    with pytest.raises(CannotListen, match="listen on tcp or ssl"):
        await build(rig, protocol, "udp:port=0")


def certify(folder: Path, host: str = "larm.test") -> tuple[Path, Path]:
    """Write a key and a certificate that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    begins_at = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begins_at)
        .not_valid_after(begins_at + dt.timedelta(days=36_500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    key_file, certificate_file = folder / "key.pem", folder / "certificate.pem"
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return key_file, certificate_file
