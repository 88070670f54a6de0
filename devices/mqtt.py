"""Emulated publishers: a LoRaWAN panic button behind its network, and a phone whose app publishes natively.

Options: network chirpstack|ttn (the button), form larmbutton|decoded (how its network tells what it did), user (at the
broker; the secret is the password). The button's device is its DevEUI, the phone's is its topic.
"""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any, Final

from devices.device import DeviceSettings, Receipt, Surroundings
from devices.mqtt_wire import Publisher
from devices.scenario import Circumstances
from protocols.mqtt.buttons import GENERIC_PORT
from protocols.owntracks import Publication, serialise

# what the button's first byte says; none: it is only there
_BITS: Final = {"press": 0x01, "fall": 0x02, "check-in": 0x10, "alive": 0x00}
_WORDS: Final = {"press": "sos", "fall": "fall", "check-in": "check_in", "alive": "alive"}


class Button:
    """A LoRaWAN button, with the network between it and the broker. A repeated frame keeps its counter."""

    def __init__(self, settings: DeviceSettings, surroundings: Surroundings) -> None:
        self._settings, self._around = settings, surroundings
        self._publisher = Publisher(settings, surroundings, f"network-{settings.device}")
        self._counter = 0
        self.circumstances = Circumstances(settings.lat, settings.lon, settings.battery_pct)

    def move(self, circumstances: Circumstances) -> None:
        """Let the world change around the button; without a gateway in reach nothing goes out."""
        self.circumstances = circumstances
        self._publisher.cover(circumstances.covered and circumstances.running)

    async def press(self) -> Receipt:
        """Press the button; until the broker has it or give_up_s is over."""
        return await self._send("press")

    async def fall(self) -> Receipt:
        """Fall hard; the same promise as press()."""
        return await self._send("fall")

    async def check_in(self) -> Receipt:
        """Say that all is well."""
        return await self._send("check-in")

    async def run(self) -> None:
        """Send a sign of life every keepalive_s until cancelled."""
        while True:
            await self._send("alive")
            await self._around.sleep(self._settings.keepalive_s * self._around.chance.uniform(0.9, 1.0))

    async def close(self) -> None:
        """Hang up; safe to call twice."""
        await self._publisher.close()

    async def _send(self, what: str) -> Receipt:
        self._counter += 1
        topic, body = self.uplink(what, self._around.now())
        return await self._publisher.publish(what, topic, json.dumps(body).encode())

    def uplink(self, what: str, at: datetime) -> tuple[str, dict[str, Any]]:
        """Return what the network publishes of one frame: topic and body."""
        frame = bytes([_BITS[what], round(self.circumstances.battery_pct)])
        decoded = self._settings.options.get("form") == "decoded"
        told = {"alarm": {_WORDS[what]: True}, "battery": round(self.circumstances.battery_pct)} if decoded else None
        port = 2 if decoded else GENERIC_PORT
        heard_at = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        eui, data = self._settings.device, base64.b64encode(frame).decode()
        if self._settings.options.get("network") == "ttn":
            said: dict[str, Any] = {
                "f_port": port,
                "f_cnt": self._counter,
                "frm_payload": data,
                "received_at": heard_at,
            }
            said |= {} if told is None else {"decoded_payload": told}
            body = {
                "end_device_ids": {"device_id": f"button-{eui.lower()}", "dev_eui": eui},
                "received_at": heard_at,
                "uplink_message": said,
            }
            return f"v3/larm@town/devices/button-{eui.lower()}/up", body
        event: dict[str, Any] = {
            "deduplicationId": f"{eui.lower()}-{self._counter}",
            "time": heard_at,
            "deviceInfo": {"devEui": eui.lower(), "deviceName": f"button {eui}"},
            "fCnt": self._counter,
            "fPort": port,
            "data": data,
        }
        event |= {} if told is None else {"object": told}
        return f"application/larm/device/{eui.lower()}/event/up", event


class MqttPhone:
    """A phone with the OwnTracks app, publishing to a broker. It has no alarm by design: press() is its "publish"."""

    def __init__(self, settings: DeviceSettings, surroundings: Surroundings) -> None:
        self._settings, self._around = settings, surroundings
        self._publisher = Publisher(settings, surroundings, f"phone-{settings.device.replace('/', '-')}")
        self.circumstances = Circumstances(settings.lat, settings.lon, settings.battery_pct)

    def move(self, circumstances: Circumstances) -> None:
        """Let the world change around the phone."""
        self.circumstances = circumstances
        self._publisher.cover(circumstances.covered and circumstances.running)

    async def press(self) -> Receipt:
        """Publish by hand: a check-in, which is all that the app has."""
        return await self._send("press", "u")

    async def fall(self) -> Receipt:
        """The app knows of no falls: the phone lies there and says where it is."""
        return await self._send("fall", "t")

    async def check_in(self) -> Receipt:
        """Publish by hand."""
        return await self._send("check-in", "u")

    async def run(self) -> None:
        """Publish a position every keepalive_s until cancelled."""
        while True:
            await self._send("position", "t")
            await self._around.sleep(self._settings.keepalive_s * self._around.chance.uniform(0.9, 1.0))

    async def close(self) -> None:
        """Hang up; safe to call twice."""
        await self._publisher.close()

    async def _send(self, what: str, trigger: str) -> Receipt:
        now, here = self._around.now().replace(microsecond=0), self.circumstances
        said = Publication(
            kind="location",
            tid=self._settings.device[-2:],
            at=now,
            created_at=now,
            lat=round(here.lat, 6),
            lon=round(here.lon, 6),
            accuracy_m=8.0,
            battery_pct=round(here.battery_pct),
            trigger=trigger,
        )
        body = json.dumps(serialise(said)).encode()
        return await self._publisher.publish(what, self._settings.device, body, retained=True)


def build(settings: DeviceSettings, surroundings: Surroundings) -> Button:
    """One button behind its network."""
    return Button(settings, surroundings)


def build_phone(settings: DeviceSettings, surroundings: Surroundings) -> MqttPhone:
    """One phone that publishes."""
    return MqttPhone(settings, surroundings)
