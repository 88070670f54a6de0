"""From settings to a subscription, and a broker that is gone seen at the desk."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import cast
from uuid import UUID

import pytest

from escalation.effects import SystemFault
from escalation.ids import CommitteeId, OrganisationId
from larmcentral.domain.arrival import ReceiverName
from larmcentral.domain.enrolled import EnrolledDevice
from larmcentral.endpoint import Broker
from larmcentral.flows.way_faults import WayFaults
from larmcentral.receivers.enrolled import EnrolledDevices
from larmcentral.receivers.limits import Limits
from larmcentral.receivers.listening import CannotListen
from larmcentral.receivers.mqtt import MqttSubscriber
from larmcentral.receivers.mqtt_build import BrokerWatch, build_subscriber
from protocols.mqtt.session import Subscriber
from protocols.signal import AccountId, SignalKind
from tests.fakes.broker import FakeBroker
from tests.fakes.intake import eventually
from tests.fakes.memory_store import MemoryStore
from tests.fakes.virtual_loop import VirtualClock, VirtualLoop
from tests.larmcentral.receivers.rig import NAME, Rig

HOME = (OrganisationId(UUID(int=1)), CommitteeId(UUID(int=2)))
FAULT = SystemFault.BROKER_UNREACHABLE.value


async def build(rig: Rig, broker: Broker, protocol: str = "mqtt", ca_file: Path | None = None) -> MqttSubscriber:
    row = EnrolledDevice(
        protocol="mqtt", account=AccountId("70B3D57ED0000017"), model="larmbutton", changed_at=rig.clock.now()
    )

    async def load(since: object) -> Sequence[EnrolledDevice]:
        return [row]

    devices = EnrolledDevices(load=load, clock=rig.clock)
    await devices.refresh()
    return build_subscriber(
        ReceiverName(
            name="rig", protocol=protocol, organisation_id=NAME.organisation_id, committee_id=NAME.committee_id
        ),
        broker,
        Subscriber(client_id="larm", topics=("#",)),
        Limits(),
        ca_file=ca_file,
        takes_in=rig.intake,
        devices=devices,
        clock=rig.clock,
        metrics=rig.metrics,
    )


async def test_a_button_is_heard_as_assembly_builds_it(rig: Rig) -> None:
    broker = FakeBroker()
    await broker.start()
    subscriber = await build(rig, Broker("127.0.0.1", broker.port))
    subscriber.start()
    await eventually(lambda: subscriber.connected)
    broker.publish("v3/a/devices/b/up", b'{"end_device_ids":{"dev_eui":"70b3d57ed0000017"},"uplink_message":'
                   b'{"f_port":10,"f_cnt":1,"frm_payload":"AVE=","received_at":"2026-03-04T05:06:07Z"}}')  # fmt: skip
    await eventually(lambda: broker.acked == [1])
    assert [signal.kind for arrival in rig.intake.stored for signal in arrival.signals] == [SignalKind.PANIC]
    await subscriber.stop()
    await broker.stop()


async def test_what_is_not_spoken_through_a_broker_and_a_file_without_certificates_are_said(
    rig: Rig, tmp_path: Path
) -> None:
    with pytest.raises(CannotListen, match="watch is not spoken through a broker"):
        await build(rig, Broker("127.0.0.1", 1), "watch")
    empty = tmp_path / "ca.pem"
    empty.write_text("nothing")
    with pytest.raises(CannotListen, match="holds no certificates"):
        await build(rig, Broker("127.0.0.1", 1, tls=True), ca_file=empty)
    assert not (await build(rig, Broker("127.0.0.1", 1, tls=True))).connected


class Stands:
    """What the watch asks of a subscription."""

    name = "lora"
    connected = True


def test_a_broker_that_is_gone_for_a_while_is_a_fault_until_it_is_back() -> None:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        loop = cast("VirtualLoop", runner.get_loop())
        clock = VirtualClock(loop)
        store, one = MemoryStore(clock), Stands()
        watch = BrokerWatch([cast("MqttSubscriber", one)], WayFaults(store, HOME, clock, fault=FAULT), clock)

        def stands() -> bool:
            return FAULT in {fault for _, fault, *_ in store.tables.faults}

        async def story() -> None:
            watch.start()
            await clock.sleep(30)
            assert not stands()
            one.connected = False
            await clock.sleep(5)
            assert not stands(), "a broker's own restart is no fault"
            await clock.sleep(10)
            assert stands()
            one.connected = True
            await clock.sleep(60)
            assert not stands()
            await watch.stop()

        runner.run(story())
