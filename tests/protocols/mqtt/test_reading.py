"""What publications mean, value by value; whatever is published, signals or a remote fault come out."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.conversation import Account
from protocols.errors import ContentError, FrameTooLong, RemoteProtocolError
from protocols.mqtt.messages import Publication
from protocols.mqtt.reading import MAX_PAYLOAD_BYTES, PublicationReader
from protocols.signal import AccountId, SignalKind
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
