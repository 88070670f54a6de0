"""Position blocks: by the table, by their look, and none where there is none."""

from __future__ import annotations

from protocols.gl200.messages import AccessPoint, Cell
from protocols.gl200.places import MAX_BLOCKS, Layout, access_points_at, cells_at, place_of

HEAD = ["+RESP:GTFRI", "1A0800", "866000000000017", "", "0", "0"]
BLOCK = ["1", "3.6", "180", "35.0", "12.090000", "57.930000", "20260304050607", "0240", "0007", "1234", "ABCD", "0.0"]
EMPTY = [""] * 12
TAIL = ["81", "20260304050610", "00A2"]
REPORT = Layout(first=7, count=6)


def test_blocks_stand_where_the_table_has_them() -> None:
    place = place_of([*HEAD, "2", *BLOCK, *EMPTY, *TAIL], REPORT)

    assert place.end == 31
    first, second = place.blocks
    assert (first.lat, first.lon, first.accuracy) == (57.93, 12.09, 1.0)
    assert first.cell == Cell(240, 7, 0x1234, 0xABCD)
    assert (second.lat, second.cell) == (None, None)


def test_one_field_more_before_each_block_is_seen_by_its_look() -> None:
    place = place_of([*HEAD, "2", "x", *BLOCK, "y", *BLOCK, *TAIL], REPORT)

    assert place.end is None
    assert [(block.lat, block.accuracy) for block in place.blocks] == [(57.93, 1.0), (57.93, 1.0)]


def test_a_message_without_a_table_is_believed_one_place() -> None:
    place = place_of([*HEAD, "2", *BLOCK, *BLOCK, *TAIL], None)

    assert len(place.blocks) == 1


def test_a_count_beyond_reason_is_none() -> None:
    for count in ("0", "16", "99", "x", ""):
        assert place_of([*HEAD, count, *BLOCK, *TAIL], REPORT).end is None


def test_no_more_blocks_than_a_message_may_have_are_read() -> None:
    assert len(place_of([*HEAD, "40", *BLOCK * 40, *TAIL], REPORT).blocks) == MAX_BLOCKS


def test_indoors_the_cell_is_found_without_a_place() -> None:
    place = place_of([*HEAD, "1", "x", "y", "0240", "0007", "1234", "ABCD", *TAIL], REPORT)

    assert [block.cell for block in place.blocks] == [Cell(240, 7, 0x1234, 0xABCD)]
    assert place_of([*HEAD, "1", "0240", "0007", "1234", "ABCD", *TAIL], None, own_cells=True).blocks == ()


def test_a_short_message_has_no_place() -> None:
    assert place_of(["+RESP:GTSOS"], REPORT).blocks == ()
    assert place_of([], None).blocks == ()


def test_hotspots_and_cells_are_read_as_far_as_they_are_there() -> None:
    fields = ["020000000011", "-61", "", "", "", "020000000012", "x"]

    assert access_points_at(fields, 0, 9) == (
        AccessPoint("02:00:00:00:00:11", -61),
        AccessPoint("02:00:00:00:00:12", None),
    )
    assert cells_at(["0240", "0007", "1234", "ABCD"], 0, 7) == (Cell(240, 7, 0x1234, 0xABCD),)
    assert cells_at([], 0, 7) == ()
