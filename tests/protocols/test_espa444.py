"""Words of ESPA 4.4.4 off the wire and onto it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.errors import ChecksumMismatch, ContentError, FrameTooLong, FramingError, LocalProtocolError
from protocols.espa444 import (
    MAX_BLOCK_BYTES,
    Block,
    Call,
    Damaged,
    Enquiry,
    Framer,
    NotReady,
    Over,
    Ready,
    Word,
    block_check,
    parse,
    serialise,
    with_parity,
)

# Set by hand: header 1, address 550, text, beep 3, type 3, once, alarm; the check is the sum without carry.
BY_HAND = bytes.fromhex(
    "01 31 02 31 1f 35 35 30 1e 32 1f 48 4a c4 4c 50 1e 33 1f 33 1e 34 1f 33 1e 35 1f 31 1e 36 1f 31 03 c3"
)
# The example of Zenitel's wiki ("ESPA 4.4.4", message to a paging system), shown there without its check and with a
# blank behind STX that belongs to the first identifier then.
FROM_OUTSIDE = bytes.fromhex(
    "01 31 02 20 31 1f 35 35 30 1e 32 1f 43 41 4c 4c 20 4d 45 20 31 30 31 1e 33 1f 33 1e 34 1f 33 1e 35 1f 33 1e 36"
    "1f 33 03"
)
CALL = Call(address="550", text="HJÄLP".encode("latin-1"))
BLOCK = Block(
    "1", (("1", b"550"), ("2", "HJÄLP".encode("latin-1")), ("3", b"3"), ("4", b"3"), ("5", b"1"), ("6", b"1"))
)


def test_a_call_is_the_bytes_that_were_set_by_hand() -> None:
    assert serialise(CALL).hex(" ") == BY_HAND.hex(" ")
    assert parse(BY_HAND) == BLOCK


def test_the_check_adds_what_follows_soh_without_carry() -> None:
    assert block_check(b"1\x02A\x03") == 0x31 ^ 0x02 ^ 0x41 ^ 0x03


def test_a_block_of_others_is_read() -> None:
    (word,) = Framer().feed(FROM_OUTSIDE + bytes([block_check(FROM_OUTSIDE[1:])]))

    assert isinstance(word, Block)
    assert (word.header, word.record("2"), word.record("6"), word.record("7")) == ("1", b"CALL ME 101", b"3", None)
    assert word.records[0] == (" 1", b"550")


@pytest.mark.parametrize(
    ("wire", "words"),
    [
        (b"1\x052\x05", [Enquiry("1"), Enquiry("2")]),
        (b"\x05", [Enquiry("")]),
        (b"\x06", [Ready()]),
        (b"2\x06", [Ready()]),
        (b"\x15", [NotReady("")]),
        (b"1\x15", [NotReady("1")]),
        (b"\x04", [Over()]),
        (b"\x00\r\n\x06\r\n", [Ready()]),
        (BY_HAND + b"\x04", [BLOCK, Over()]),
    ],
)
def test_every_word_has_its_bytes(wire: bytes, words: list[Word]) -> None:
    assert Framer().feed(wire) == words


def test_a_check_that_looks_like_a_control_sign_is_none() -> None:
    wire = b"\x011\x021\x1fA[\x03\x04"

    assert Framer().feed(wire + b"\x06") == [Block("1", (("1", b"A["),)), Ready()]
    assert Framer().feed(wire[:-1]) == []


def test_rs_before_etx_is_forgiven() -> None:
    checked = b"1\x021\x1f550\x1e\x03"

    assert parse(b"\x01" + checked + bytes([block_check(checked)])) == Block("1", (("1", b"550"),))


@pytest.mark.parametrize(
    ("wire", "fault", "then"),
    [
        (BY_HAND[:-1] + b"\x00\x06", ChecksumMismatch, [Ready()]),
        (b"\x01\x03\x03\x06", ContentError, [Ready()]),
        (b"\x011\x02x\x03" + bytes([block_check(b"1\x02x\x03")]), ContentError, []),
        (BY_HAND[:9] + b"\x04", FramingError, [Over()]),
        (BY_HAND[:9] + BY_HAND, FramingError, [BLOCK]),
        (b"hello\x06", FramingError, [Ready()]),
        (b"7x\x06", FramingError, [Ready()]),
        (b"\x01" + b"a" * MAX_BLOCK_BYTES, FrameTooLong, []),
    ],
)
def test_what_is_damaged_costs_nothing_behind_it(wire: bytes, fault: type[Exception], then: list[Word]) -> None:
    first, *rest = Framer().feed(wire)

    assert isinstance(first, Damaged)
    assert isinstance(first.error, fault)
    assert [word for word in rest if not isinstance(word, Damaged)] == then


@given(
    address=st.from_regex(r"\A[0-9A-Za-z*#]{1,16}\Z"),
    text=st.binary(max_size=128).map(lambda raw: bytes(byte | 0x20 for byte in raw)),
    beep=st.integers(0, 9),
)
def test_what_is_said_is_read(address: str, text: bytes, beep: int) -> None:
    wire = serialise(Call(address=address, text=text, beep=beep))

    (block,) = Framer().feed(wire)

    assert isinstance(block, Block)
    assert (block.record("1"), block.record("2"), block.record("3")) == (address.encode(), text, b"%d" % beep)


@given(wire=st.lists(st.sampled_from([*BY_HAND, 4, 5, 6, 0x15, 0x30, 0xFF])).map(bytes), cut=st.integers(0, 100))
def test_where_the_stream_is_cut_changes_nothing(wire: bytes, cut: int) -> None:
    whole = Framer().feed(wire)
    framer = Framer()

    parts = framer.feed(wire[:cut]) + framer.feed(wire[cut:])

    assert [w for w in parts if not isinstance(w, Damaged)] == [w for w in whole if not isinstance(w, Damaged)]


def test_parity_is_even_and_comes_off_again() -> None:
    assert with_parity(b"\x051C") == b"\x05\xb1\xc3"
    assert Framer(seven_bits=True).feed(b"\xb1\x05\x06") == [Enquiry("1"), Ready()]
    with pytest.raises(LocalProtocolError):
        with_parity(b"\xc4")


@pytest.mark.parametrize(
    "call",
    [
        Call(address="", text=b"x"),
        Call(address="5\x1e0", text=b"x"),
        Call(address="5" * 17, text=b"x"),
        Call(address="550", text=b"a\x03b"),
        Call(address="550", text=b"x" * 129),
    ],
)
def test_what_no_block_can_hold_is_our_fault(call: Call) -> None:
    with pytest.raises(LocalProtocolError):
        serialise(call)
