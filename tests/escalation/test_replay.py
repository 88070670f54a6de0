import pytest

from escalation.effects import Entry, EntryKind
from escalation.events import System
from escalation.incident import State
from escalation.replay import replay
from tests.escalation.cast import START


def line(kind: EntryKind, state: str | None = None) -> Entry:
    return Entry(kind, START, System(), () if state is None else (("state", state),))


OPENED = line(EntryKind.OPENED, "open")
ENDED = line(EntryKind.STOOD_DOWN, "stood_down")


def test_a_timeline_tells_the_state_it_ends_in() -> None:
    assert replay([OPENED]) is State.OPEN
    assert replay([OPENED, line(EntryKind.ACKNOWLEDGED)]) is State.OPEN
    in_hand = [OPENED, line(EntryKind.ON_THE_WAY, "acknowledged")]
    assert replay(in_hand) is State.ACKNOWLEDGED
    assert replay([*in_hand, line(EntryKind.ACKNOWLEDGEMENT_LAPSED, "open")]) is State.OPEN
    assert replay([*in_hand, line(EntryKind.PUT_BACK, "open")]) is State.OPEN
    assert replay([*in_hand, line(EntryKind.OWNER_LEFT, "open")]) is State.OPEN
    assert replay([*in_hand, line(EntryKind.PUT_BACK)]) is State.ACKNOWLEDGED
    assert replay([*in_hand, ENDED, line(EntryKind.NOTICE_DELIVERED), line(EntryKind.SHOWN)]) is State.STOOD_DOWN
    restored = [line(EntryKind.NOTICE_WAITS), line(EntryKind.PATH_TRIED), line(EntryKind.RECEIVER_UNREACHED)]
    assert replay([*in_hand, ENDED, *restored, line(EntryKind.RECEIVER_TOOK)]) is State.STOOD_DOWN


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ([], "an empty timeline"),
        ([line(EntryKind.NOTE)], "begins with it"),
        ([OPENED, OPENED], "one opening"),
        ([OPENED, ENDED, line(EntryKind.NOTICE_FILED)], "after the stand-down"),
        ([OPENED, line(EntryKind.NOTE, "acknowledged")], "does not make an incident"),
        ([OPENED, line(EntryKind.STOOD_DOWN, "open")], "does not make an incident"),
        ([OPENED, line(EntryKind.WEARER_SAFE, "stood_down")], "does not make an incident"),
        ([OPENED, ENDED, line(EntryKind.WEARER_SAFE)], "after the stand-down"),
        ([OPENED, ENDED, line(EntryKind.RECEIVER_KNOWS)], "after the stand-down"),
        ([OPENED, ENDED, line(EntryKind.WAY_PASSED_OVER)], "after the stand-down"),
        ([OPENED, line(EntryKind.RECEIVER_TOOK, "acknowledged")], "does not make an incident"),
    ],
)
def test_a_timeline_that_no_incident_can_have_is_heard_of(entries: list[Entry], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        replay(entries)
