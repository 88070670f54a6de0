"""CCE records: as far as they go where they are broken, and no further than they are believed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.errors import ContentError
from protocols.meitrack.messages import Record
from protocols.meitrack.parameters import MAX_RECORDS, parse_cce

SOS = bytes.fromhex("0200 01 0501 01 400100 00 00")
LARGE_IDS = bytes.fromhex("0500 02 0501 FE6951 02 FE021600 400100 01 FE0700000080 01 FE0102ABCD")


def body(*records: bytes, stated: int) -> bytes:
    sized = b"".join(len(record).to_bytes(2, "little") + record for record in records)
    return bytes(4) + stated.to_bytes(2, "little") + sized


@settings(max_examples=150)
@given(st.binary(max_size=200))
def test_any_bytes_give_records_or_a_refusal(octets: bytes) -> None:
    try:
        said = parse_cce(octets)
    except ContentError:
        assert len(octets) < 6
        return
    assert len(said.records) + said.broken == min(said.count, MAX_RECORDS)


@settings(max_examples=100)
@given(st.sampled_from([SOS, LARGE_IDS]), st.data())
def test_a_record_cut_anywhere_keeps_what_came_before_the_cut(record: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(record) - 1))
    whole, cut = parse_cce(body(record, stated=1)), parse_cce(body(record[:at], stated=1))

    assert len(cut.records) + cut.broken == 1
    for read in cut.records:
        assert read.doubts == ("record does not add up",)
        assert set(read.events) <= set(whole.records[0].events)


def test_ids_of_two_bytes_are_read_among_those_of_one() -> None:
    (record,) = parse_cce(body(LARGE_IDS, stated=1)).records

    assert (record.events, record.fix, record.battery_pct, record.doubts) == (("1",), True, 81, ())
    assert record.others == (("id_FE02", "22"), ("id_FE07", "-2147483648"), ("id_FE01", "abcd"))


def test_a_body_without_its_head_is_refused() -> None:
    with pytest.raises(ContentError):
        parse_cce(b"\x00" * 5)


def test_a_record_keeps_what_was_read_before_it_broke() -> None:
    sos = bytes.fromhex("0600 01 0105 02 40 0100")  # one value of two bytes where two are promised
    said = parse_cce(body(sos, stated=2))

    assert [record.doubts for record in said.records] == [("record does not add up",)]
    assert (said.count, said.broken) == (2, 1)


def test_an_event_read_before_its_record_broke_still_counts() -> None:
    (record,) = parse_cce(body(bytes.fromhex("0600 01 0101 02 40 0100"), stated=1)).records

    assert record.events == ("1",)


@pytest.mark.parametrize(("behind", "events"), [(SOS, [("1",), ("1",)]), (SOS[:-1], [("1",)]), (b"", [("1",)])])
def test_a_sound_record_behind_the_stated_number_is_one_and_padding_is_none(
    behind: bytes, events: list[tuple[str, ...]]
) -> None:
    said = parse_cce(body(SOS, behind, stated=1))

    assert [record.events for record in said.records] == events
    assert (said.count, said.broken) == (len(events), 0)


def test_no_more_records_are_read_than_a_frame_may_hold() -> None:
    said = parse_cce(body(*[SOS] * (MAX_RECORDS + 1), stated=MAX_RECORDS + 1))

    assert len(said.records) == MAX_RECORDS
    assert isinstance(said.records[-1], Record)
