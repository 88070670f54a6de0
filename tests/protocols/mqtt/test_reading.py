"""What publications mean, value by value; whatever is published, signals or a remote fault come out."""

from __future__ import annotations

import base64
import contextlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.conversation import Account
from protocols.errors import ContentError, FrameTooLong, RemoteProtocolError
from protocols.mqtt.copies import Copies
from protocols.mqtt.messages import Publication, Uplink
from protocols.mqtt.reading import MAX_PAYLOAD_BYTES, PublicationReader
from protocols.signal import AccountId, Signal, SignalKind
from tests.protocols.captured import Enrolled, captures, told
from tests.protocols.streams import NOW

CAPTURES = captures("mqtt", "publications")
EUI = AccountId("70B3D57ED0000017")


class OfModel:
    """Everybody is enrolled, of one model."""

    def __init__(self, model: str | None = None, **options: str) -> None:
        self._model, self._options = model, options

    def find(self, device: AccountId) -> Account:
        return Account(device, model=self._model, options=self._options)


@pytest.mark.parametrize(("heard_at", "row"), [row[1:] for row in CAPTURES], ids=[row[0] for row in CAPTURES])
def test_a_publication_means_what_stands_beside_it(heard_at: datetime, row: dict[str, Any]) -> None:
    publication = Publication(topic=row["topic"], payload=row["payload"].encode(), retained=row.get("retained", False))
    signals = PublicationReader(OfModel(row.get("model"))).read(publication, heard_at)
    assert [told(signal) for signal in signals] == row["signals"]


def up(counter: int = 1, **more: Any) -> Publication:
    said = {"deviceInfo": {"devEui": EUI}, "time": "2026-03-04T05:06:07Z", "fCnt": counter, "fPort": 3, **more}
    return Publication(topic=f"application/1/device/{EUI}/event/up", payload=json.dumps(said).encode())


def test_a_unit_with_a_form_of_its_own_brings_its_rules() -> None:
    accounts = OfModel(
        uplink_rule_1="3:0:0x02=panic", uplink_rule_2="*:1:=7=fall", uplink_battery="3:2", uplink_rule_3="x"
    )
    first, second = PublicationReader(accounts).read(up(data="Agdk"), NOW)
    assert (first.kind, second.kind, first.battery_pct) == (SignalKind.PANIC, SignalKind.FALL, 100)
    assert first.doubts == ("option uplink_rule_3 is no rule",)
    [quiet] = PublicationReader(accounts).read(up(data="AQA="), NOW)
    assert (quiet.kind, quiet.battery_pct) == (SignalKind.HEARTBEAT, None)


def test_a_copy_has_the_same_name_and_a_new_press_another() -> None:
    reader = PublicationReader(OfModel("larmbutton"))

    def key(publication: Publication, now: datetime = NOW) -> str:
        return reader.read(publication, now)[0].repeat_key

    pressed = up(data="AQ==", fPort=10)
    assert key(pressed) == key(pressed, NOW + timedelta(hours=3)) == key(replace(pressed, retained=True))
    assert key(pressed) != key(up(2, data="AQ==", fPort=10))
    assert key(pressed) != key(up(data="AQ==", fPort=10, time="2026-03-04T06:06:07Z")), "counters begin anew at a join"


def kinds(topic: str, payload: bytes, accounts: Any = None, *, retained: bool = False) -> list[SignalKind]:
    publication = Publication(topic=topic, payload=payload, retained=retained)
    return [signal.kind for signal in PublicationReader(accounts or Enrolled()).read(publication, NOW)]


def test_one_frame_heard_by_two_gateways_is_one_signal_and_both_are_kept() -> None:
    rx = [{"gatewayId": "a1", "rssi": -57, "snr": 10}, {"gatewayId": "b2", "rssi": -101, "snr": -3}]
    [signal] = PublicationReader(OfModel("larmbutton")).read(up(data="AQ==", fPort=10, rxInfo=rx), NOW)
    assert [value for name, value in signal.evidence if name == "gateway"] == ["a1,-57,10", "b2,-101,-3"]


def test_a_frame_that_networks_hand_on_twice_is_one_press_and_after_a_reset_two() -> None:
    reader = PublicationReader(OfModel("larmbutton"))

    def key(counter: int, second: int, **more: Any) -> str:
        one = up(counter, data="AQ==", fPort=10, time=f"2026-03-04T05:06:{second:02}Z", confirmed=True, **more)
        [signal] = reader.read(one, NOW)
        assert signal.kind is SignalKind.PANIC
        assert signal.event_at == datetime(2026, 3, 4, 5, 6, second, tzinfo=UTC)
        assert ("confirmed", "true") in signal.evidence
        return signal.repeat_key

    first = key(7, 1)
    assert key(7, 3) == key(7, 9) == first, "sent again unanswered, or by another network"
    assert key(7, 12) != first, "so late it may be a press after a reset"
    assert key(8, 13) != key(7, 13), "a counter that goes back was reset"
    pressed = key(0, 20)
    reader.read(up(0, data="AA==", fPort=10, time="2026-03-04T05:06:21Z"), NOW)
    assert key(0, 22) != pressed, "another frame was between them"
    before = key(1, 30)
    join = Publication(topic=f"application/1/device/{EUI}/event/join", payload=up().payload)
    assert [signal.kind for signal in reader.read(join, NOW)] == [SignalKind.HEARTBEAT]
    assert key(1, 33) != before, "it has joined anew"


def test_only_so_many_devices_are_remembered() -> None:
    copies, at = Copies(most=1), NOW + timedelta(seconds=2)
    one = Uplink(dev_eui="1", event="up", counter=1)
    assert copies.first_at(EUI, one, NOW) == copies.first_at(EUI, one, at) == NOW
    copies.first_at(AccountId("2"), one, NOW)
    assert copies.first_at(EUI, one, at) == at


@pytest.mark.parametrize(
    ("level", "code", "kind"),
    [
        ("ERROR", "UPLINK_F_CNT_RESET", SignalKind.DEVICE_FAULT),
        ("ERROR", "UPLINK_MIC", SignalKind.DEVICE_FAULT),
        ("WARNING", "UPLINK_F_CNT_RETRANSMISSION", SignalKind.HEARTBEAT),
        ("INFO", "RELAY_NEW_END_DEVICE", SignalKind.HEARTBEAT),
    ],
)
def test_what_a_network_complains_of_is_a_fault_and_what_is_ordinary_is_none(
    level: str, code: str, kind: SignalKind
) -> None:
    said = {"deviceInfo": {"devEui": EUI}, "level": level, "code": code, "description": "in words"}
    publication = Publication(topic=f"application/1/device/{EUI}/event/log", payload=json.dumps(said).encode())
    [signal] = PublicationReader(OfModel("larmbutton")).read(publication, NOW)
    assert signal.kind is kind
    assert signal.text == (f"{code}: in words" if kind is SignalKind.DEVICE_FAULT else None)


def test_an_uplink_without_a_name_of_its_own_is_known_by_its_topic() -> None:
    said = {"end_device_ids": {"device_id": "b"}, "uplink_message": {"f_port": 10, "frm_payload": "AQ=="}}
    topic = "v3/a/devices/b/up"
    publication = Publication(topic=topic, payload=json.dumps(said).encode())
    [signal] = PublicationReader(OfModel("larmbutton")).read(publication, NOW)
    assert (signal.kind, signal.device) == (SignalKind.PANIC, topic)
    assert signal.doubts == ("an uplink that names no device: known by its topic",)
    assert kinds(topic, b'{"end_device_ids":{},"uplink_message":{"decoded_payload":{"sos":1}}}') == [SignalKind.PANIC]


def test_a_decoders_word_is_heard_beside_what_the_frame_says_and_however_much_stands_before_it() -> None:
    many = {f"field{number}": number for number in range(300)} | {"sos": True}
    assert [
        signal.kind
        for signal in PublicationReader(OfModel("larmbutton")).read(
            up(data="EA==", fPort=10, object={"deep": {"er": [many]}}), NOW
        )
    ] == [SignalKind.PANIC, SignalKind.CHECK_IN]


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("town/hall", b'"SOS"'),
        ("town/hall/sos", b"1"),
        ("town/hall/panic-button", b"ON"),
        ("town/hall", b'[["sos"],{"a":[{"sos":true}]}]'),
        ("town/hall", b'{"data":{"state":{"panic":"pressed"}}}'),
        ("town/hall", b'{"action":"emergency"}'),
        ("town/hall", b'{"device_id":"7","sos":true}'),
        ("town/hall", b'{"location":"hall","sos":true}'),
        ("town/hall", b'{"location":{"lat":57.9},"sos":true}'),
        ("town/hall", b'{"_type":"button","sos":true}'),
        ("town/hall", b'{"_type":["location"],"sos":true}'),
    ],
)
def test_words_that_call_for_help_are_an_alarm_wherever_they_stand(topic: str, payload: bytes) -> None:
    assert SignalKind.PANIC in kinds(topic, payload)
    assert SignalKind.PANIC in kinds(topic, payload, retained=True)


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("town/hall/sos", b"0"),
        ("town/hall/sos", b"OFF"),
        ("town/hall/panic", b'"released"'),
        ("town/hall", b'{"sosNumber":"+4612345","alarm_interval":600,"alarm":"disarmed"}'),
        ("town/hall", b'{"temperature":21.5,"battery_alarm":true,"sos":false}'),
    ],
)
def test_ordinary_words_are_no_alarm(topic: str, payload: bytes) -> None:
    assert kinds(topic, payload) == [SignalKind.UNKNOWN]


def test_a_milesight_button_is_heard_at_a_join_and_behind_what_nobody_knows() -> None:
    def read(frame: str) -> Signal:
        data = base64.b64encode(bytes.fromhex(frame)).decode()
        [signal] = PublicationReader(OfModel("WS101")).read(up(data=data, fPort=85), NOW)
        return signal

    joined = read("FF0BFF FF0101 FF080102030405FF FF090100 FF0A0102 FF0F00 017550")
    assert (joined.kind, joined.battery_pct, joined.doubts) == (SignalKind.HEARTBEAT, 80, ())
    odd = read("FF99AABBCC FF2E01")
    assert (odd.kind, odd.doubts) == (SignalKind.PANIC, ("5 bytes not understood",))
    assert read("FF99").kind is SignalKind.UNKNOWN


def test_a_list_gives_the_signals_of_each_and_one_broken_record_costs_no_other() -> None:
    payload = b'[{"_type":"location","tst":1772600767,"t":"t"},7,{"deviceInfo":{}},{"sos":true}]'
    signals = PublicationReader(Enrolled()).read(Publication(topic="x", payload=payload), NOW)
    assert [signal.kind for signal in signals] == [
        SignalKind.POSITION,
        SignalKind.UNKNOWN,
        SignalKind.UNKNOWN,
        SignalKind.PANIC,
    ]


def test_what_is_too_much_is_refused() -> None:
    reader = PublicationReader(Enrolled())
    with pytest.raises(FrameTooLong):
        reader.read(Publication(topic="x", payload=b"1" * (MAX_PAYLOAD_BYTES + 1)), NOW)
    with pytest.raises(ContentError, match="1001 records"):
        reader.read(Publication(topic="x", payload=json.dumps([{}] * 1001).encode()), NOW)


KEYS = [
    *["deviceInfo", "devEui", "data", "fPort", "fCnt", "object", "rxInfo", "time", "end_device_ids", "dev_eui"],
    *["uplink_message", "frm_payload", "decoded_payload", "locations", "latitude", "longitude", "_type", "lat", "lon"],
    *["tst", "device_id", "location", "coords", "extras", "alarm", "sos", "battery", "event"],
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=6), inner),
    max_leaves=12,
)


@settings(max_examples=200)
@given(
    st.sampled_from([row[2]["topic"] for row in CAPTURES]) | st.text(max_size=20),
    JSON.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=60),
    st.booleans(),
    st.sampled_from([None, "larmbutton", "ws101"]),
)
def test_whatever_is_published_signals_or_a_remote_fault_come_out(
    topic: str, payload: bytes, retained: bool, model: str | None
) -> None:
    publication = Publication(topic=topic, payload=payload, retained=retained)
    try:
        signals = PublicationReader(OfModel(model)).read(publication, NOW)
    except RemoteProtocolError:
        return
    assert signals
    assert all(len(signal.evidence) <= 110 for signal in signals)


@settings(max_examples=100)
@given(st.data())
def test_a_capture_with_one_value_changed_still_means_something(data: st.DataObject) -> None:
    row = data.draw(st.sampled_from([row[2] for row in CAPTURES if row[2]["payload"].startswith("{")]))
    said = json.loads(row["payload"])
    inner = said[name] if isinstance(said[name := data.draw(st.sampled_from(sorted(said)))], dict) else said
    inner[data.draw(st.sampled_from(sorted(inner) or ["x"]))] = data.draw(JSON)
    publication = Publication(topic=row["topic"], payload=json.dumps(said).encode())
    with contextlib.suppress(RemoteProtocolError):
        assert PublicationReader(OfModel("larmbutton")).read(publication, NOW)
