"""PDUs of SMPP 3.4, against bytes set by hand after the specification's tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.errors import ContentError, LocalProtocolError, RemoteProtocolError
from protocols.smpp import (
    BIND_TRANSCEIVER,
    DELIVER_SM,
    ENQUIRE_LINK,
    GENERIC_NACK,
    INVALID_COMMAND,
    MAX_PDU_BYTES,
    MESSAGE_STATE,
    RECEIPTED_MESSAGE_ID,
    SUBMIT_SM,
    UCS2,
    Address,
    Answer,
    Bind,
    Deliver,
    EnquireLink,
    Framer,
    Message,
    Pdu,
    Submit,
    Unbind,
    Unknown,
    parse,
    serialise,
    status_name,
)

US = Address(5, 0, "Larmet")
ANNA = Address(1, 1, "46700000017")
BIND = bytes.fromhex(
    "00000025 00000009 00000000 00000001"
    "6c61726d 00"  # system_id larm
    "68656d6c696774 00"  # password hemligt
    "56 4d 41 00"  # system_type VMA
    "34 00 00 00"  # version, ton, npi, address_range
)
SUBMIT = bytes.fromhex(
    "0000003c 00000004 00000000 00000007"
    "00"  # service_type
    "05 00 4c61726d6574 00"  # source: a name
    "01 01 3436373030303030303137 00"  # destination: international
    "00 00 00"  # esm_class, protocol_id, priority_flag
    "00 00"  # schedule_delivery_time, validity_period
    "01 00 00 00 0a"  # registered_delivery, replace, data_coding, default message, length
    "485b 4c50 20 1b65 0f7b7c"  # HÄLP €åäö
)
RECEIPT = bytes.fromhex(
    "00000043 00000005 00000000 00000002"
    "00 01 01 3436373030303030303137 00 05 00 4c61726d6574 00"
    "04 00 00 00 00 00 00 00 00 00"
    "001e 0003 613100"  # receipted_message_id a1
    "0427 0001 02"  # message_state DELIVERED
    "ffff 00ff 00"  # runs over the end
)


def test_a_bind_by_hand() -> None:
    body = Bind(system_id="larm", password="hemligt", system_type="VMA")

    assert serialise(Pdu(1, body)).hex() == BIND.hex()
    assert parse(BIND) == Pdu(1, body)
    assert "hemligt" not in repr(body)


def test_a_submit_by_hand() -> None:
    text = bytes.fromhex("485b4c50201b650f7b7c")
    pdu = Pdu(7, Submit(Message(source=US, destination=ANNA, text=text, registered_delivery=1)))

    assert serialise(pdu).hex() == SUBMIT.hex()
    assert parse(SUBMIT) == pdu


def test_a_receipt_in_optional_parameters_by_hand() -> None:
    read = parse(RECEIPT).body

    assert isinstance(read, Deliver)
    assert (read.message.source, read.message.esm_class, read.message.text) == (ANNA, 4, b"")
    assert read.message.option(RECEIPTED_MESSAGE_ID) == b"a1\0"
    assert read.message.option(MESSAGE_STATE) == b"\x02"
    assert read.message.option(0xFFFF) is None


@pytest.mark.parametrize(
    ("wire", "pdu"),
    [
        ("00000010 00000015 00000000 00000003", Pdu(3, EnquireLink())),
        ("00000010 80000015 00000000 00000003", Pdu(3, Answer(to=ENQUIRE_LINK))),
        ("00000010 00000006 00000000 00000004", Pdu(4, Unbind())),
        ("00000015 80000009 00000000 00000001 534d534300", Pdu(1, Answer(to=BIND_TRANSCEIVER, text="SMSC"))),
        ("00000010 80000009 0000000e 00000001", Pdu(1, Answer(to=BIND_TRANSCEIVER, status=0x0E))),
        ("00000013 80000004 00000000 00000007 613100", Pdu(7, Answer(to=SUBMIT_SM, text="a1"))),
        ("00000010 80000004 00000058 00000007", Pdu(7, Answer(to=SUBMIT_SM, status=0x58))),
        ("00000011 80000005 00000000 00000002 00", Pdu(2, Answer(to=DELIVER_SM))),
        ("00000010 80000000 00000003 00000009", Pdu(9, Answer(to=GENERIC_NACK, status=INVALID_COMMAND))),
        ("00000010 00000103 00000000 00000005", Pdu(5, Unknown(0x103))),
    ],
)
def test_small_ones_by_hand(wire: str, pdu: Pdu) -> None:
    assert parse(bytes.fromhex(wire)) == pdu
    assert serialise(pdu).hex() == wire.replace(" ", "")


def test_an_answer_without_the_end_of_its_text_is_read() -> None:
    assert parse(bytes.fromhex("00000012 80000004 00000000 00000007 6131")).body == Answer(to=SUBMIT_SM, text="a1")
    assert parse(bytes.fromhex("00000010 80000004 00000000 00000007")).body == Answer(to=SUBMIT_SM)


def test_a_long_text_goes_into_the_payload_and_comes_out_of_it() -> None:
    message = Message(source=ANNA, destination=US, text="Ł".encode("utf-16-be") * 200, coding=UCS2)

    assert parse(serialise(Pdu(1, Deliver(message)))) == Pdu(1, Deliver(message))


@pytest.mark.parametrize("end", range(17, len(SUBMIT)))
def test_a_body_that_ends_too_early_is_the_centres_fault(end: int) -> None:
    with pytest.raises(ContentError):
        parse(SUBMIT[:end])


@given(body=st.binary(max_size=80), command=st.sampled_from([4, 5, 9, 6, 0x15, 0x80000004, 0x80000009, 0x777]))
def test_any_bytes_are_a_message_or_the_centres_fault(body: bytes, command: int) -> None:
    frame = (16 + len(body)).to_bytes(4, "big") + command.to_bytes(4, "big") + bytes(8) + body
    try:
        read = parse(frame)
    except ContentError:
        return
    assert read.sequence == 0


@given(cuts=st.lists(st.integers(0, 200), max_size=5))
def test_where_the_stream_is_cut_changes_nothing(cuts: list[int]) -> None:
    stream = SUBMIT + RECEIPT + SUBMIT
    framer, found = Framer(), []
    for start, end in zip([0, *sorted(cuts)], [*sorted(cuts), len(stream)], strict=True):
        found += framer.feed(stream[start:end])

    assert found == [SUBMIT, RECEIPT, SUBMIT]


@pytest.mark.parametrize("length", [0, 15, MAX_PDU_BYTES + 1, 0x48545450])
def test_a_length_that_cannot_be_is_the_end(length: int) -> None:
    with pytest.raises(RemoteProtocolError, match=r"PDU|frame"):
        Framer().feed(length.to_bytes(4, "big"))


@pytest.mark.parametrize(
    "body",
    [
        Bind(system_id="x" * 16, password="y"),
        Bind(system_id="x", password="nine sign"),
        Bind(system_id="å", password="y"),
        Submit(Message(source=US, destination=Address(1, 1, "4" * 21), text=b"x")),
        Submit(Message(source=US, destination=Address(1, 1, "4\0006"), text=b"x")),
    ],
)
def test_what_no_field_can_hold_is_our_fault(body: Bind | Submit) -> None:
    with pytest.raises(LocalProtocolError):
        serialise(Pdu(1, body))


def test_statuses_have_their_names_and_made_up_ones_their_numbers() -> None:
    assert status_name(0x58) == "ESME_RTHROTTLED"
    assert status_name(0x401) == "status 0x00000401"
