"""A subscription at brokers that are not ours: amqtt in this process, and mosquitto where it is installed.

LARM_MOSQUITTO names the program where it is not on the path.
"""

from __future__ import annotations

import contextlib
import getpass
import os
import random
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog

from devices.device import Address, DeviceSettings, Surroundings
from devices.mqtt import build
from larmcentral.endpoint import Broker
from larmcentral.receivers import mqtt
from larmcentral.receivers.limits import Limits
from larmcentral.receivers.mqtt import MqttSubscriber, Subscription
from protocols.conversation import Account
from protocols.mqtt.reading import PublicationReader
from protocols.mqtt.session import Subscriber
from protocols.signal import AccountId, SignalKind
from tests.fakes.intake import eventually
from tests.larmcentral.receivers import test_mqtt_build
from tests.larmcentral.receivers.rig import Rig
from tests.larmcentral.receivers.test_build import certify
from tests.protocols.captured import Enrolled

EUI = "70B3D57ED0000017"
MOSQUITTO = os.environ.get("LARM_MOSQUITTO") or shutil.which("mosquitto")


@dataclass(frozen=True)
class Tls:
    """A second listener, with a certificate."""

    port: int
    key_file: Path
    certificate_file: Path


@asynccontextmanager
async def amqtt(port: int, folder: Path, tls: Tls | None = None) -> AsyncIterator[None]:
    from amqtt.broker import Broker as AmqttBroker

    listeners: dict[str, dict[str, object]] = {"default": {"type": "tcp", "bind": f"127.0.0.1:{port}"}}
    if tls is not None:
        files = {"certfile": str(tls.certificate_file), "keyfile": str(tls.key_file)}
        listeners["tls"] = {"type": "tcp", "bind": f"127.0.0.1:{tls.port}", "ssl": True, **files}
    broker = AmqttBroker(
        {
            "listeners": listeners,
            "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
        }
    )
    await broker.start()
    try:
        yield
    finally:
        await broker.shutdown()


@asynccontextmanager
async def mosquitto(port: int, folder: Path, tls: Tls | None = None) -> AsyncIterator[None]:
    assert MOSQUITTO is not None
    config = folder / "mosquitto.conf"
    lines = [f"user {getpass.getuser()}", f"listener {port} 127.0.0.1", "allow_anonymous true"]
    if tls is not None:
        lines += [f"listener {tls.port} 127.0.0.1", f"certfile {tls.certificate_file}", f"keyfile {tls.key_file}"]
    config.write_text("\n".join(lines) + "\n")
    process = subprocess.Popen(
        [MOSQUITTO, "-c", config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=10)


Runs = Callable[..., AbstractAsyncContextManager[None]]
BROKERS = [
    pytest.param(amqtt, id="amqtt"),
    pytest.param(
        mosquitto, id="mosquitto", marks=pytest.mark.skipif(MOSQUITTO is None, reason="mosquitto is not installed")
    ),
]


def free_port() -> int:
    with contextlib.closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class _Loaded:
    loaded = True

    def __init__(self, accounts: Enrolled) -> None:
        self.find = accounts.find


class Town:
    """A subscription and a button at one broker."""

    def __init__(self, rig: Rig, port: int) -> None:
        self.rig = rig
        accounts = Enrolled(Account(AccountId(EUI), model="larmbutton"))
        reception = rig.reception(Limits())
        reception._enrolled = _Loaded(accounts)
        who = Subscriber(client_id="larm", topics=("application/+/device/+/event/up",))
        at = Subscription(Broker("127.0.0.1", port), who)
        self.subscriber = MqttSubscriber(at, reception=reception, reader=PublicationReader(accounts))
        settings = DeviceSettings(device=EUI, addresses=(Address("127.0.0.1", port),), give_up_s=10.0)
        self.button = build(settings, Surroundings(random.Random(1)))

    async def subscribed(self) -> None:
        self.subscriber.start()
        await eventually(lambda: self.subscriber.connected)

    async def stop(self) -> None:
        self.rig.intake.release()
        await self.subscriber.stop()
        await self.button.close()

    @property
    def kinds(self) -> list[SignalKind]:
        return [signal.kind for arrival in self.rig.intake.stored for signal in arrival.signals]


@pytest.fixture(autouse=True)
def swift(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mqtt, "FIRST_BACK_OFF_S", 0.05)


@pytest.mark.filterwarnings("ignore")  # amqtt's own
@pytest.mark.parametrize("runs", BROKERS)
async def test_a_press_reaches_the_disk(rig: Rig, runs: Runs, tmp_path: Path) -> None:
    port = free_port()
    town = Town(rig, port)
    async with runs(port, tmp_path):
        await town.subscribed()
        assert (await town.button.press()).acked
        assert (await town.button.fall()).acked
        await eventually(lambda: town.kinds == [SignalKind.PANIC, SignalKind.FALL])
        await town.stop()


@pytest.mark.skipif(MOSQUITTO is None, reason="mosquitto is not installed; amqtt keeps nothing for who is away")
async def test_what_a_broker_keeps_for_us_is_heard_when_we_are_back(rig: Rig, tmp_path: Path) -> None:
    port = free_port()
    town = Town(rig, port)
    async with mosquitto(port, tmp_path):
        await town.subscribed()
        await town.subscriber.stop()
        assert (await town.button.fall()).acked
        await town.subscribed()
        await eventually(lambda: town.kinds == [SignalKind.FALL])
        rig.intake.holds = True
        assert (await town.button.press()).acked
        await eventually(lambda: len(rig.intake.held) == 1)
        held = rig.intake.held_keys
        line = town.subscriber._line
        assert line is not None
        line._writer.transport.abort()
        await eventually(lambda: len(rig.intake.held) == 2)
        assert rig.intake.held_keys == held * 2, "not acked, so it comes again under its name"
        rig.intake.release()
        await eventually(lambda: town.kinds[1:] == [SignalKind.PANIC] * 2)
        await town.stop()


@pytest.mark.filterwarnings("ignore")  # amqtt's own
@pytest.mark.parametrize("runs", BROKERS)
async def test_a_press_reaches_the_disk_through_tls(rig: Rig, runs: Runs, tmp_path: Path) -> None:
    port, tls = free_port(), Tls(free_port(), *certify(tmp_path, "localhost"))
    town = Town(rig, port)
    town.subscriber = await test_mqtt_build.build(
        rig, Broker("localhost", tls.port, tls=True), ca_file=tls.certificate_file
    )
    async with runs(port, tmp_path, tls):
        await town.subscribed()
        assert (await town.button.press()).acked
        await eventually(lambda: town.kinds == [SignalKind.PANIC])
        await town.stop()


@pytest.mark.filterwarnings("ignore")  # amqtt's own
@pytest.mark.parametrize("runs", BROKERS)
@pytest.mark.parametrize("wrong", ["another's", "another name", "nobody's"])
async def test_a_broker_that_cannot_prove_its_name_is_told_nothing(
    rig: Rig, runs: Runs, tmp_path: Path, wrong: str
) -> None:
    """Signed by somebody else; of another host; signed by nobody whom the system knows."""
    (other := tmp_path / "other").mkdir()
    tls = Tls(free_port(), *certify(tmp_path, "larm.test" if wrong == "another name" else "localhost"))
    _, others_file = certify(other, "localhost")
    ca_file = {"another's": others_file, "another name": tls.certificate_file, "nobody's": None}[wrong]
    subscriber = await test_mqtt_build.build(rig, Broker("localhost", tls.port, tls=True), ca_file=ca_file)
    with structlog.testing.capture_logs() as lines:
        async with runs(free_port(), tmp_path, tls):
            await eventually(lambda: _answers(tls.port))
            subscriber.start()
            await eventually(lambda: any("CERTIFICATE_VERIFY_FAILED" in line.get("why", "") for line in lines))
            assert not subscriber.connected
            assert rig.metric("larm_broker_connected", receiver="rig") == 0
            await subscriber.stop()
    assert not any(line["event"] == "subscribed" for line in lines)


def _answers(port: int) -> bool:
    with contextlib.closing(socket.socket()) as one:
        return one.connect_ex(("127.0.0.1", port)) == 0
