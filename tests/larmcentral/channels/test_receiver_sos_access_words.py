"""A case in SOS Access's fields."""

from __future__ import annotations

from datetime import timedelta

import pytest

from larmcentral.channels.receiver_sos_access_words import NO_PASSWORD, alarm_request, words_of
from protocols.errors import LocalProtocolError
from protocols.sos_access.codec import parse, serialise
from protocols.sos_access.messages import AlarmRequest, AlarmResponse, AlarmType
from protocols.sos_access.position import PositionForm
from tests.larmcentral.channels.sos_access_support import NOW, handover, row, settings

HERE = settings(19_000, position=PositionForm.DEGREES)


def test_a_case_in_full() -> None:
    written = alarm_request(handover(), HERE, NOW)
    assert written.notes == ()
    assert written.request == AlarmRequest(
        authentication=NO_PASSWORD,
        receiver="LARM",
        transmitter_type="SV300",
        transmitter_code="4711",
        event_code="PA",
        reference="7KQ2-M9XD-1",
        alarm_type=AlarmType.ALARM,
        transmitter_time="2026-11-22 14:02:03.450",
        transmitter_area="1",
        section="7",
        section_text="Hemtjänst Öst",
        detector="17",
        detector_text="Anna Åkesson",
        additional_info=(
            "Överfallslarm\nStorgatan 5, 2 tr\n"
            "Position WGS84 59.32930, 18.06860, osäkerhet 12 m, 45 s gammal\n"
            "geo:59.329300,18.068600;u=12"
        ),
        position="N593293E0180686",
    )
    assert parse(serialise(written.request)) == written.request


def test_a_restore_is_marked() -> None:
    assert alarm_request(handover(restore=True), HERE, NOW).request.alarm_type is AlarmType.RESTORE


def test_what_is_empty_is_left_out() -> None:
    bare = row(area="", section="", detector="", section_text="", detector_text="", text="")
    request = alarm_request(handover(row=bare, lat=None, lon=None), HERE, NOW).request
    left_out = (
        request.transmitter_area,
        request.section,
        request.section_text,
        request.detector,
        request.detector_text,
        request.additional_info,
        request.position,
    )
    assert left_out == (None,) * 7


def test_signs_beyond_the_set_get_the_nearest_and_texts_are_cut_and_all_of_it_is_said() -> None:
    words = row(
        section_text="“Öst” – natt… 5 €",
        detector_text="Łucja " + "Ő" * 40,
        text="rad 1\r\nrad\t2\r\n\r\nrad 3 😀",
    )
    written = alarm_request(handover(row=words, lat=None), HERE, NOW)
    assert written.request.section_text == '"Öst" - natt... 5 EUR'
    assert written.request.detector_text == "Lucja " + "O" * 31 + "..."
    assert written.request.additional_info == "rad 1\nrad 2\nrad 3 ?"
    assert written.notes == (
        "sectiontext written with other signs",
        "detectortext written with other signs",
        "detectortext cut from 46 to 40 signs",
        "additionalinfo written with other signs",
    )
    assert b"&#" not in serialise(written.request)


def test_long_lines_are_cut_and_the_place_is_not() -> None:
    written = alarm_request(handover(row=row(text="en rad till\n" * 400)), HERE, NOW)
    told = written.request.additional_info or ""
    assert len(told.replace("\n", "\r\n")) <= 2_000
    assert len(told.replace("\n", "\r\n")) > 1_980
    assert told.endswith("gammal\ngeo:59.329300,18.068600;u=12")
    assert written.notes == ("additionalinfo cut from 5198 to 1906 signs",)
    serialise(written.request)


def test_a_link_that_stands_in_the_agreed_text_is_not_said_twice() -> None:
    told = alarm_request(
        handover(row=row(text="Karta geo:59.329300,18.068600;u=12")), HERE, NOW
    ).request.additional_info
    assert told is not None
    assert told.count("geo:") == 1


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=-3), "0 s gammal"),
        (timedelta(seconds=119), "119 s gammal"),
        (timedelta(minutes=2), "2 min gammal"),
        (timedelta(hours=2), "2 h gammal"),
        (None, "ålder okänd"),
    ],
)
def test_a_position_says_how_old_it_is(age: timedelta | None, words: str) -> None:
    fix_at = None if age is None else NOW - age
    told = alarm_request(handover(fix_at=fix_at, accuracy_m=None), HERE, NOW).request.additional_info
    assert told is not None
    assert f"osäkerhet okänd, {words}\ngeo:59.329300,18.068600" in told
    assert ";u=" not in told


def test_a_code_is_never_cut_for_half_a_code_is_another_code() -> None:
    written = alarm_request(handover(row=row(area="123456", detector="1234567")), HERE, NOW)
    assert (written.request.transmitter_area, written.request.detector) == (None, None)
    assert written.notes == (
        "transmitterarea left out: 6 signs, and at most 5 are allowed",
        "detector left out: 7 signs, and at most 5 are allowed",
    )
    for event_code in ("", "P" * 26):
        with pytest.raises(LocalProtocolError):
            alarm_request(handover(row=row(event_code=event_code)), HERE, NOW)


def test_a_place_that_the_form_cannot_write_is_said_and_stands_in_the_text_all_the_same() -> None:
    abroad = handover(lat=40.0, lon=-3.7)
    written = alarm_request(abroad, settings(1, position=PositionForm.RT90), NOW)
    assert written.request.position is None
    assert written.notes == ("pos left out: this place cannot be written as rt90",)
    assert "40.00000, -3.70000" in (written.request.additional_info or "")


def test_no_position_is_written_where_none_was_agreed() -> None:
    written = alarm_request(handover(), settings(1), NOW)
    assert (written.request.position, written.notes) == (None, ())
    assert "geo:" in (written.request.additional_info or "")


def test_a_test_is_marked_first_of_all_and_once() -> None:
    for text in ("Överfallslarm", "PROV / TEST\nÖverfallslarm", ""):
        told = alarm_request(handover(row=row(text=text), test=True), HERE, NOW).request.additional_info
        assert told is not None
        assert told.startswith("PROV / TEST\n")
        assert told.count("PROV") == 1


def test_a_long_reference_is_cut_the_same_way_each_time() -> None:
    assert alarm_request(handover(reference="r" * 60), HERE, NOW).request.reference == "r" * 50


def test_words_of_an_answer_show_no_password_and_no_second_line() -> None:
    answer = AlarmResponse(status=4, info="wrong password\nAbc123Def456Ghi " + "x" * 200)
    words = words_of(answer, ("Abc123Def456Ghi",))
    assert words.startswith("4 NOT_AUTHORIZED: wrong password … xxx")
    assert len(words) < 150
    assert words_of(AlarmResponse(status=0, info=""), ()) == "0 OK"
