"""The stream is read as a browser reads it, wherever it is cut."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from larmcentral.api.stream import frame
from larmcentral.domain.feed import Cursor
from load.console.events import Event, Events

STREAM = (
    b"retry: 1000\n\nid: 7:1\nevent: incident\ndata: {}\n\nevent: system\ndata: {}\n\n: a comment\n\n"
    b"id: 7:2\nevent: tick\ndata: {}\n\n"
)
TOLD = [Event("incident", b"{}", "7:1"), Event("system", b"{}", "7:1"), Event("tick", b"{}", "7:2")]


def test_events_keep_the_last_id_that_was_said() -> None:
    events = Events()

    assert list(events.receive(STREAM)) == TOLD
    assert (events.last_id, events.retry_s) == ("7:2", 1.0)


@given(st.lists(st.integers(0, len(STREAM)), max_size=8))
def test_cutting_the_stream_elsewhere_changes_nothing(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(STREAM)]
    events = Events()

    assert [one for a, b in pairwise(places) for one in events.receive(STREAM[a:b])] == TOLD


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_any_of_the_three_line_ends_is_one(end: bytes) -> None:
    said = STREAM.replace(b"\n", end) + end
    events = Events()

    assert [one for at in range(len(said)) for one in events.receive(said[at : at + 1])] == TOLD


def test_what_our_server_says_is_read_back() -> None:
    (told,) = Events().receive(frame("tick", Cursor(3, 9), {"ready": True}))

    assert told == Event("tick", b'{"ready":true}', "3:9")


def test_an_id_without_an_event_counts_only_once_the_block_has_ended() -> None:
    events = Events("old")

    assert list(events.receive(b"id: new\n")) == []
    assert events.last_id == "old"
    assert list(events.receive(b"\n")) == []
    assert events.last_id == "new"


def test_several_lines_of_data_are_one_body_and_what_nobody_knows_is_left_out() -> None:
    assert list(Events().receive(b"data: a\ndata:b\nwhat: c\nretry: soon\nid: x\0y\n\n")) == [
        Event("message", b"a\nb", "")
    ]
