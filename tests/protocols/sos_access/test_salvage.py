"""An alarm in a broken document is read as far as it goes, in linear time."""

from __future__ import annotations

from hypothesis import given, settings

from protocols.sos_access.codec import serialise
from protocols.sos_access.messages import AlarmRequest, AlarmType
from protocols.sos_access.salvage import salvage
from tests.protocols.sos_access.support import ALARM, PING, hostile_bytes


def test_what_is_whole_is_read_whole_and_what_is_cut_as_far_as_it_goes() -> None:
    document = serialise(ALARM)
    assert salvage(document) == ALARM
    cut = salvage(document[: document.index(b"<eventcode>")])
    assert cut is not None
    assert (cut.transmitter_code, cut.event_code) == ("4711", "")


def test_only_alarms_are_salvaged() -> None:
    assert salvage(serialise(PING)) is None
    assert salvage(b"") is None


def test_fields_are_bounded_and_unescaped_and_a_restore_stays_one() -> None:
    document = (
        b"<alarmrequest><alarmtype>re</alarmtype><eventcode>" + b"P" * 99 + b"</eventcode>"
        b"<detectortext>Anna &amp; Bo</detectortext></alarmrequest>"
    )
    found = salvage(document)
    assert found is not None
    assert (found.alarm_type, found.event_code, found.detector_text) == (AlarmType.RESTORE, "P" * 25, "Anna & Bo")


def test_a_number_without_end_and_a_sign_that_is_none_cost_nothing_but_themselves() -> None:
    found = salvage(b"<alarmrequest><section>&#" + b"1" * 5000 + b";</section><eventcode>P&#65;&amp;</eventcode>")
    assert found is not None
    assert found.event_code == "PA&"
    odd = salvage(b"<alarmrequest><transmittercode>47\x0011</transmittercode><eventcode>P\x9fA</eventcode>")
    assert odd is not None
    assert (odd.transmitter_code, odd.event_code) == ("47?11", "P?A")


@settings(max_examples=100)
@given(hostile_bytes())
def test_any_bytes_give_an_alarm_or_none(document: bytes) -> None:
    found = salvage(b"<alarmrequest>" + document)
    assert isinstance(found, AlarmRequest)
