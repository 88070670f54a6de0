"""A screen knows what it was told, when, and whether it was told so before."""

from __future__ import annotations

import json
from uuid import UUID

from load.console.picture import INCIDENT, QUEUE, IncidentEvent, Picture

ONE, TWO = UUID(int=1), UUID(int=2)


def event(incident: UUID, *seqs: int, version: int = 1, state: str = "open") -> IncidentEvent:
    row = {"id": str(incident), "version": version, "state": state, "responders": [], "kind": "panic"}
    return INCIDENT.decode(json.dumps({"incident": row, "entries": [{"seq": seq, "kind": "note"} for seq in seqs]}))


def test_what_comes_before_the_first_tick_is_catching_up_and_what_comes_after_is_new() -> None:
    picture = Picture()
    picture.connected()

    assert picture.incident(event(ONE, 1), 10.0)
    picture.tick()
    assert picture.incident(event(TWO, 1, 2), 11.0)
    assert not picture.incident(event(ONE, 2), 12.0)
    assert [(one.first_s, one.caught_up, one.lines) for one in picture.heard.values()] == [
        (10.0, True, 0b110),
        (11.0, False, 0b110),
    ]


def test_a_line_told_as_new_twice_on_one_connection_is_counted() -> None:
    picture = Picture()
    picture.connected()
    picture.tick()
    picture.incident(event(ONE, 1, 2), 1.0)
    picture.incident(event(ONE, 2, 3), 2.0)

    assert picture.twice == 1


def test_whoever_comes_back_may_be_told_once_more() -> None:
    picture = Picture()
    for _ in range(2):
        picture.connected()
        picture.incident(event(ONE, 1), 1.0)
        picture.tick()
        picture.incident(event(ONE, 1), 2.0)

    assert picture.twice == 0


def test_the_queue_tells_of_incidents_without_their_lines_and_no_older_row_is_put_back() -> None:
    picture = Picture()
    picture.connected()
    picture.tick()
    picture.incident(event(ONE, 4, version=5, state="stood_down"), 1.0)
    row = {"id": str(ONE), "version": 2, "state": "open", "responders": []}
    picture.fetched(QUEUE.decode(json.dumps({"cursor": "1:1", "incidents": [row, row | {"id": str(TWO)}]})), 3.0)

    assert [(one.state, one.lines, one.caught_up) for one in picture.heard.values()] == [
        ("stood_down", 0b10000, False),
        ("open", 0, True),
    ]
