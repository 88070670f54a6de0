"""Document to message and back."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.errors import LocalProtocolError, RemoteProtocolError
from protocols.sos_access.codec import HEADER, masked, parse, serialise
from protocols.sos_access.fields import ELEMENTS, ROOTS, TAGS
from protocols.sos_access.messages import AlarmResponse, Message, NewAuthenticationResponse
from tests.protocols.sos_access.support import ALARM, PASSWORD, PING, hostile_bytes, messages


@given(message=messages())
def test_a_message_comes_back_as_it_was(message: Message) -> None:
    assert parse(serialise(message)) == message


@given(raw=hostile_bytes() | hostile_bytes().map(lambda rest: HEADER + b"<alarmrequest>" + rest + b"</alarmrequest>"))
def test_any_bytes_give_a_message_or_a_remote_error(raw: bytes) -> None:
    masked(raw)
    with suppress(RemoteProtocolError):
        parse(raw)


@given(message=messages(), at=st.integers(0, 2_000), bad=st.binary(min_size=1, max_size=4))
def test_a_damaged_message_gives_a_message_or_a_remote_error(message: Message, at: int, bad: bytes) -> None:
    raw = serialise(message)
    at %= len(raw)
    with suppress(RemoteProtocolError):
        parse(raw[:at] + bad + raw[at + len(bad) :])


def test_the_bytes_of_an_alarm() -> None:
    alarm = replace(ALARM, detector_text="Åsa & Bo", additional_info="rad 1\nrad 2", position="N593293E0180686")
    assert serialise(alarm) == (
        b'<?xml version="1.0" encoding="ISO-8859-1"?>\r\n'
        b"<alarmrequest>\r\n"
        b"<authentication>Abc123Def456Ghi</authentication>\r\n"
        b"<receiver>LARM</receiver>\r\n"
        b"<transmittertype>SV300</transmittertype>\r\n"
        b"<transmittercode>4711</transmittercode>\r\n"
        b"<eventcode>PA</eventcode>\r\n"
        b"<detectortext>\xc5sa &amp; Bo</detectortext>\r\n"
        b"<additionalinfo>rad 1\r\nrad 2</additionalinfo>\r\n"
        b"<position><pos>N593293E0180686</pos></position>\r\n"
        b"</alarmrequest>"
    )


@pytest.mark.parametrize(
    "wrong",
    [
        replace(ALARM, authentication="short"),
        replace(ALARM, receiver=""),
        replace(ALARM, receiver="x" * 21),
        replace(ALARM, transmitter_type="SV30"),
        replace(ALARM, transmitter_code="1" * 16),
        replace(ALARM, event_code="P" * 26),
        replace(ALARM, reference="r" * 51),
        replace(ALARM, section_text="ten signs " * 4 + "x"),
        replace(ALARM, detector_text="two\nlines"),
        replace(ALARM, detector_text="Łucja"),
        replace(ALARM, additional_info="x" * 2_001),
        replace(ALARM, additional_info="x\n" * 667 + "x"),
        replace(ALARM, additional_info="tab\t"),
        replace(ALARM, position="N593293E018068"),
        replace(ALARM, transmitter_time="2026-11-22 13:14"),
        replace(ALARM, unknown=(("floor", "2"),)),
        AlarmResponse(status=0, info=""),
    ],
)
def test_what_no_receiver_would_take_is_our_own_fault(wrong: Message) -> None:
    with pytest.raises(LocalProtocolError) as caught:
        serialise(wrong)
    assert PASSWORD not in str(caught.value)


def test_a_line_break_counts_as_the_two_signs_that_it_is_on_the_wire() -> None:
    fits = replace(ALARM, additional_info="x\n" * 666 + "xx")
    assert parse(serialise(fits)) == fits


def test_every_field_of_a_message_has_its_element_and_every_root_its_message() -> None:
    for kind, elements in ELEMENTS.items():
        assert {element.name for element in elements} == set(kind.__dataclass_fields__) - {"unknown"}
    assert {TAGS[kind]: kind for kind in ELEMENTS} == ROOTS


def test_passwords_stand_in_no_repr() -> None:
    new = NewAuthenticationResponse(status=0, info="OK", new_authentication=PASSWORD)
    for message in (ALARM, PING, new):
        assert PASSWORD not in repr(message)


@given(message=messages())
def test_masking_hides_the_passwords_and_nothing_else(message: Any) -> None:
    secrets = {name for name in ("authentication", "new_authentication") if getattr(message, name, None) is not None}
    assert masked(serialise(message)) == serialise(replace(message, **dict.fromkeys(secrets, "*" * 15)))


@pytest.mark.parametrize(
    "raw",
    [
        b"<authentication>Abc123Def456Ghi</authentication>",
        b"<authentication >Abc123Def456Ghi</authentication>",
        b"<authentication a='b'><![CDATA[Abc123Def456Ghi]]></authentication>",
        b"<AUTHENTICATION>Abc123Def456Ghi</AUTHENTICATION>",
        b"<newauthentication>Abc123Def456Ghi</newauthentication>",
        b"<sos:authentication>Abc123Def456Ghi</sos:authentication>",
        b"<a><authentication>Abc123Def456Ghi",
        b"<authentication Abc123Def456Ghi",
    ],
)
def test_a_password_is_masked_in_a_broken_document_too(raw: bytes) -> None:
    assert b"Abc123" not in masked(raw)
    assert b"***" in masked(raw)


@pytest.mark.parametrize("piece", [b"<authentication", b"<authentication>", b"<authentication>x</authentication>"])
def test_masking_is_linear(piece: bytes) -> None:
    began = time.process_time()
    masked(piece * 100_000)
    assert time.process_time() - began < 2
