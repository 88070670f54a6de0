"""Every message reads back as it was written, in all codecs; any bytes are a message or a remote fault."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.errors import ChecksumMismatch, ContentError, RemoteProtocolError
from protocols.teltonika.codec import crc16, parse, parse_body, parse_part, serialise
from protocols.teltonika.messages import (
    CODEC_8,
    CODEC_8E,
    CODEC_16,
    CODEC_GH3000,
    Batch,
    Cell,
    Element,
    Login,
    Opaque,
    Packet,
    Ping,
    Record,
    Text,
)

EPOCH_MS = 1_167_609_600_000
few = settings(max_examples=120, deadline=None)

degrees = st.integers(-1_800_000_000, 1_800_000_000).map(lambda n: n / 1e7)
words16 = st.integers(0, 0xFFFF)
octets8 = st.integers(0, 0xFF)


def of_size(size: int, most_id: int) -> st.SearchStrategy[Element]:
    return st.builds(Element, st.integers(0, most_id), st.binary(min_size=size, max_size=size))


def elements(most_id: int, sizes: tuple[int, ...] = (1, 2, 4, 8)) -> st.SearchStrategy[tuple[Element, ...]]:
    groups = [st.lists(of_size(size, most_id), max_size=3) for size in sizes]
    return st.tuples(*groups).map(lambda found: tuple(element for group in found for element in group))


def records(codec: int) -> st.SearchStrategy[Record]:
    most_id = 0xFF if codec == CODEC_8 else 0xFFFF
    variable = st.lists(st.builds(Element, words16, st.binary(max_size=40)), max_size=2).map(tuple)
    return st.builds(
        Record,
        at_ms=st.integers(0, 2**41),
        priority=st.integers(0, 2),
        lat=degrees,
        lon=degrees,
        altitude_m=st.integers(-32768, 32767),
        course_deg=words16,
        satellites=octets8,
        speed_kmh=words16,
        event_id=st.integers(0, most_id),
        generation=octets8 if codec == CODEC_16 else st.none(),
        elements=elements(most_id),
        variable=variable if codec == CODEC_8E else st.just(()),
    )


def floats32() -> st.SearchStrategy[float]:
    return st.floats(-180, 180, width=32)


gh_records = st.builds(
    Record,
    at_ms=st.integers(0, 0x3FFF_FFFF).map(lambda s: EPOCH_MS + s * 1000),
    priority=st.none(),
    lat=floats32(),
    lon=floats32(),
    altitude_m=st.none() | st.integers(-32768, 32767),
    course_deg=st.none() | octets8.map(lambda n: n * 360 / 256),
    satellites=st.none() | octets8,
    speed_kmh=st.none() | octets8,
    elements=elements(0xFF, (1, 2, 4)),
    cell=st.none() | st.builds(Cell, words16, words16, st.none() | octets8, st.none() | st.integers(0, 2**32 - 1)),
)


def batches(codec: int) -> st.SearchStrategy[Batch]:
    rows = gh_records if codec == CODEC_GH3000 else records(codec)
    return st.lists(rows, min_size=1, max_size=4).map(lambda found: Batch(codec, len(found), tuple(found)))


def without_raw(batch: Batch) -> Batch:
    return replace(batch, records=tuple(replace(record, raw=b"") for record in batch.records))


def test_the_checksum_is_that_of_the_tables() -> None:
    assert crc16(b"123456789") == 0xBB3D


@few
@given(st.one_of(*(batches(codec) for codec in (CODEC_8, CODEC_8E, CODEC_16, CODEC_GH3000))))
def test_a_batch_reads_back_as_it_was_written(batch: Batch) -> None:
    read = parse(serialise(batch))

    assert isinstance(read, Batch)
    assert without_raw(read) == batch


@few
@given(words16, octets8, st.text("0123456789", min_size=15, max_size=15), batches(CODEC_8E))
def test_a_packet_reads_back_as_it_was_written(packet_id: int, avl: int, imei: str, batch: Batch) -> None:
    packet = Packet(packet_id, avl, imei, batch)

    read = parse(serialise(packet))

    assert isinstance(read, Packet)
    assert isinstance(read.body, Batch)
    assert replace(read, body=without_raw(read.body)) == packet


@pytest.mark.parametrize(
    "message", [Login("866000000000017"), Login("TEST1"), Ping(), Text(5, b"getgps"), Text(6, b"")]
)
def test_a_small_message_reads_back_as_it_was_written(message: Login | Ping | Text) -> None:
    assert parse(serialise(message)) == message


@few
@given(st.lists(records(CODEC_8), min_size=1, max_size=3), st.binary(min_size=16, max_size=16))
def test_a_group_of_sixteen_bytes_is_found_where_the_end_does_not_fit_without(rows: list[Record], wide: bytes) -> None:
    rows = [replace(row, elements=(*row.elements, Element(103, wide))) for row in rows]
    batch = Batch(CODEC_8, len(rows), tuple(rows))

    read = parse(serialise(batch))

    assert isinstance(read, Batch)
    assert without_raw(read) == batch


@few
@given(records(CODEC_8E), records(CODEC_8E), st.integers(4, 65))
def test_a_record_behind_a_broken_one_is_found_again(first: Record, last: Record, claimed: int) -> None:
    """The middle record claims more 2-byte elements than there are bytes."""
    at_ms = 1_772_600_767_000
    first, last = replace(first, at_ms=at_ms), replace(last, at_ms=at_ms, elements=(), variable=())
    middle = serialise(Batch(CODEC_8E, 1, (replace(last, event_id=0),)))[10:-5]
    broken = middle[:-8] + (claimed * 1000).to_bytes(2, "big") + middle[-6:]
    around = [serialise(Batch(CODEC_8E, 1, (row,)))[10:-5] for row in (first, last)]

    body = parse_body(b"\x8e\x03" + around[0] + broken + around[1] + b"\x03")

    assert isinstance(body, Batch)
    assert body.broken == 1
    assert [record.is_whole for record in body.records] == [True, False, True]
    assert [replace(record, raw=b"") for record in (body.records[0], body.records[-1])] == [first, last]


@pytest.mark.parametrize(
    ("tail", "doubt"),
    [
        ("02", "record counts disagree"),
        ("01FFFF", "surplus bytes behind the records"),
    ],
)
def test_what_does_not_fit_behind_the_records_is_a_doubt(tail: str, doubt: str) -> None:
    record = serialise(Batch(CODEC_8, 1, (Record(at_ms=0, priority=0, lat=1.0, lon=2.0),)))[10:-5]

    body = parse_body(b"\x08\x01" + record + bytes.fromhex(tail))

    assert isinstance(body, Batch)
    assert (len(body.records), body.broken, body.doubts) == (1, 0, (doubt,))


def test_a_number_of_elements_that_does_not_add_up_is_a_doubt_where_all_else_fits() -> None:
    frame = serialise(Batch(CODEC_8, 1, (Record(at_ms=0, priority=0, lat=1.0, lon=2.0, elements=(Element(1, b"1"),)),)))
    body = bytearray(frame[8:-4])
    body[2 + 25] = 9

    read = parse_body(bytes(body))

    assert isinstance(read, Batch)
    assert (read.records[0].elements, read.doubts) == ((Element(1, b"1"),), ("number of elements does not add up",))


def test_a_damaged_frame_is_refused() -> None:
    frame = serialise(Text(6, b"OK"))
    with pytest.raises(ChecksumMismatch) as refused:
        parse(frame[:-1] + bytes((frame[-1] ^ 1,)))
    assert refused.value.received == refused.value.computed ^ 1


def test_a_text_that_is_shorter_than_it_says_is_read_as_far_as_it_goes() -> None:
    assert parse_body(bytes.fromhex("0C0106000000FF4F4B01")) == Text(6, b"OK")


@pytest.mark.parametrize("part", ["000F3836", "0038CAFE", "0000000000000036", "00000000000000368E"])
def test_a_part_without_a_body_is_nothing(part: str) -> None:
    with pytest.raises(ContentError):
        parse_part(bytes.fromhex(part))


@few
@given(st.sampled_from([7, 8, 0x8E, 0x10, 0x0C, 0x0D, 0x42]), st.binary(max_size=300))
def test_any_body_is_a_message_or_a_remote_fault(codec: int, rest: bytes) -> None:
    body = bytes((codec,)) + rest
    try:
        read = parse_body(body)
    except RemoteProtocolError:
        assert len(body) < 3
        return
    assert isinstance(read, Batch | Text | Opaque)
    if isinstance(read, Batch):
        assert len(read.records) <= read.count
        assert sum(not record.is_whole for record in read.records) <= read.broken <= read.count
