from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.alarm import AlarmKind
from escalation.events import System
from escalation.ids import DeviceId
from escalation.supervision import (
    Looked,
    Supervision,
    SupervisionClass,
    SupervisionEvent,
    Withdrawn,
    decide_supervision,
    hushed,
    outage,
    outage_over,
    start_supervision,
)
from escalation.vigil import CallForHelp, ReportSafe, VigilDecision, VigilEffect, VigilEntry
from tests.escalation.cast import ANNA, FIA, seconds

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DEVICE = DeviceId(UUID(int=0xD))
SILENT = CallForHelp(AlarmKind.SILENT_DEVICE, "silence")
LOST = CallForHelp(AlarmKind.LOST_CONTACT, "silence")


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


class Watch:
    """A wearable under supervision from noon on, and what it has asked for."""

    def __init__(self, in_session: bool = False) -> None:
        window = SupervisionClass.WEARABLE.window
        self.core: Supervision = start_supervision(DEVICE, ANNA, window, NOON, in_session=in_session).core
        self.in_session = in_session
        self.outage = False
        self.log: list[VigilEntry] = []

    def looks(self, at: datetime, heard_at: datetime | None = None) -> Sequence[VigilEffect]:
        return self.happens(Looked(heard_at, self.in_session, self.outage), at)

    def happens(self, event: SupervisionEvent, at: datetime) -> Sequence[VigilEffect]:
        decision = decide_supervision(self.core, event, at)
        self.core = decision.core
        self.log.extend(decision.entries)
        return decision.effects


@pytest.mark.parametrize(
    ("name", "longest"),
    [
        ("SP2", timedelta(hours=25)),
        ("SP3", minutes(30)),
        ("SP4", minutes(3)),
        ("SP5", seconds(90)),
        ("SP6", seconds(20)),
        ("DP2", minutes(30)),
        ("DP3", minutes(3)),
        ("DP4", seconds(90)),
        ("WEARABLE", minutes(5)),
        ("IN_SESSION", seconds(180)),
    ],
)
def test_each_class_has_its_window(name: str, longest: timedelta) -> None:
    assert SupervisionClass[name].window == longest


def test_a_device_that_is_heard_is_looked_for_one_window_later() -> None:
    watch = Watch()
    assert watch.core.due_at == NOON + minutes(5)
    assert watch.looks(NOON + minutes(5), heard_at=NOON + minutes(4)) == ()
    assert watch.core.due_at == NOON + minutes(9)
    assert watch.log == []


def test_a_device_that_falls_silent_is_lost_when_its_window_is_over_and_not_before() -> None:
    watch = Watch()
    assert watch.looks(NOON + minutes(5) - timedelta(microseconds=1)) == ()
    assert watch.looks(NOON + minutes(5)) == (SILENT,)
    assert watch.core.lost_at == NOON + minutes(5)
    assert watch.core.due_at == NOON + minutes(5) + seconds(10)
    said = (("silent_since", NOON.isoformat()), ("outage", "false"))
    assert watch.log == [VigilEntry("lost", NOON + minutes(5), System(), said)]


def test_somebody_who_works_alone_is_missed_after_three_heartbeats() -> None:
    watch = Watch(in_session=True)
    assert watch.core.due_at == NOON + seconds(180)
    assert watch.looks(NOON + seconds(180), heard_at=NOON + seconds(1)) == ()
    assert watch.looks(NOON + seconds(181), heard_at=NOON + seconds(1)) == (LOST,)


def test_a_lost_device_is_looked_for_every_ten_seconds_and_raised_once() -> None:
    watch = Watch()
    watch.looks(NOON + minutes(5))
    for number in range(1, 20):
        assert watch.looks(NOON + minutes(5) + seconds(10 * number)) == ()
        assert watch.core.due_at == NOON + minutes(5) + seconds(10 * number + 10)
    assert len(watch.log) == 1


def test_a_device_that_is_heard_again_is_regained() -> None:
    watch = Watch()
    watch.looks(NOON + minutes(5))
    heard_at = NOON + minutes(7)
    assert watch.looks(heard_at + seconds(3), heard_at) == (ReportSafe("contact"),)
    assert watch.core.lost_at is None
    assert watch.core.due_at == heard_at + minutes(5)
    assert watch.log[-1] == VigilEntry("regained", heard_at + seconds(3), System(), (("lost_s", "123"),))
    assert watch.looks(heard_at + minutes(5), heard_at) == (SILENT,)


def test_a_device_lost_in_a_session_is_regained_without_saying_that_its_wearer_is_safe() -> None:
    watch = Watch(in_session=True)
    watch.looks(NOON + minutes(3))
    assert watch.looks(NOON + minutes(6), heard_at=NOON + minutes(6)) == ()
    assert watch.log[-1].kind == "regained"


def test_a_session_that_begins_shortens_the_window_from_then_on() -> None:
    watch = Watch()
    watch.in_session = True
    assert watch.looks(NOON + minutes(4)) == ()
    assert watch.core.due_at == NOON + minutes(7)
    assert watch.looks(NOON + minutes(7)) == (LOST,)


def test_a_session_that_ends_lengthens_it_again() -> None:
    watch = Watch(in_session=True)
    watch.in_session = False
    assert watch.looks(NOON + minutes(2)) == ()
    assert watch.core.due_at == NOON + minutes(5)


def test_a_class_that_is_stricter_than_a_session_stays_so() -> None:
    core = start_supervision(DEVICE, ANNA, SupervisionClass.SP6.window, NOON, in_session=True).core
    assert core.due_at == NOON + seconds(20)


def test_a_session_begun_with_a_silent_device_is_raised_as_lost_contact_three_heartbeats_later() -> None:
    watch = Watch()
    assert watch.looks(NOON + minutes(5)) == (SILENT,)
    watch.in_session = True
    assert watch.looks(NOON + minutes(6)) == ()
    assert watch.looks(NOON + minutes(9) - seconds(1)) == ()
    assert watch.looks(NOON + minutes(9)) == (LOST,)
    assert watch.looks(NOON + minutes(10)) == ()


def test_the_next_session_with_a_device_that_is_silent_since_the_one_before_is_raised_again() -> None:
    watch = Watch(in_session=True)
    assert watch.looks(NOON + minutes(3)) == (LOST,)
    watch.in_session = False
    assert watch.looks(NOON + minutes(30)) == ()
    watch.in_session = True
    assert watch.looks(NOON + minutes(60)) == ()
    assert watch.looks(NOON + minutes(63) - seconds(1)) == ()
    assert watch.looks(NOON + minutes(63)) == (LOST,)
    assert watch.looks(NOON + minutes(64)) == ()


def test_a_time_of_hearing_that_lies_ahead_does_not_blind_it() -> None:
    watch = Watch()
    watch.looks(NOON + minutes(5), heard_at=NOON + timedelta(days=1))
    assert watch.core.due_at == NOON + minutes(10)


def test_an_older_time_of_hearing_changes_nothing() -> None:
    watch = Watch()
    watch.looks(NOON + minutes(5), heard_at=NOON + minutes(4))
    watch.looks(NOON + minutes(6), heard_at=NOON - minutes(30))
    assert watch.core.due_at == NOON + minutes(9)


def test_a_device_that_is_withdrawn_is_not_looked_for() -> None:
    watch = Watch()
    assert watch.happens(Withdrawn(FIA), NOON) == ()
    assert watch.core.due_at is None
    assert watch.looks(NOON + minutes(60)) == ()
    assert [entry.kind for entry in watch.log] == ["withdrawn"]


# Journey 6: many at once are one banner.


def test_a_device_lost_in_an_outage_is_written_down_and_not_raised() -> None:
    watch = Watch(in_session=True)
    watch.outage = True
    assert watch.looks(NOON + minutes(3)) == ()
    assert watch.core.outage
    assert watch.log[-1].detail == (("silent_since", NOON.isoformat()), ("outage", "true"))
    assert watch.looks(NOON + timedelta(hours=5)) == ()


def test_a_device_still_silent_ten_minutes_after_the_outage_is_raised_on_its_own() -> None:
    watch = Watch(in_session=True)
    watch.outage = True
    watch.looks(NOON + minutes(3))
    watch.outage = False
    assert watch.looks(NOON + minutes(20)) == ()
    assert watch.looks(NOON + minutes(30) - seconds(1)) == ()
    assert watch.looks(NOON + minutes(30)) == (LOST,)
    assert watch.log[-1] == VigilEntry("raised", NOON + minutes(30), System(), (("kind", "lost_contact"),))
    assert watch.looks(NOON + minutes(40)) == ()


def test_an_outage_that_begins_again_begins_the_ten_minutes_again() -> None:
    watch = Watch()
    watch.outage = True
    watch.looks(NOON + minutes(5))
    for at, many in ((20, False), (29, True), (31, False)):
        watch.outage = many
        assert watch.looks(NOON + minutes(at)) == ()
    assert watch.looks(NOON + minutes(40)) == ()
    assert watch.looks(NOON + minutes(41)) == (SILENT,)


def test_a_device_that_comes_back_with_the_outage_was_never_raised_and_reports_nothing() -> None:
    watch = Watch()
    watch.outage = True
    watch.looks(NOON + minutes(5))
    assert watch.looks(NOON + minutes(20), heard_at=NOON + minutes(20)) == ()
    assert not watch.core.outage
    assert watch.log[-1].kind == "regained"


@pytest.mark.parametrize(
    ("lost", "supervised", "many"), [(5, 20, False), (6, 20, True), (50, 1000, False), (51, 1000, True)]
)
def test_more_than_five_and_more_than_one_in_twenty_are_an_outage(lost: int, supervised: int, many: bool) -> None:
    assert outage([NOON] * lost, supervised, NOON) is many


def test_only_what_was_lost_within_five_minutes_counts_together() -> None:
    losses = [NOON - minutes(5)] * 3 + [NOON - minutes(4.9)] * 6
    assert outage(losses, 20, NOON)
    assert not outage(losses[1:-1], 20, NOON)
    assert not outage(losses, 20, NOON + minutes(1))


@pytest.mark.parametrize(
    ("still", "supervised", "over"), [(2, 20, True), (3, 20, False), (25, 1000, True), (26, 1000, False)]
)
def test_an_outage_is_over_when_half_of_what_begins_one_is_left(still: int, supervised: int, over: bool) -> None:
    assert outage_over(still, supervised) is over


looks = st.tuples(st.integers(0, 400), st.integers(-400, 400) | st.none(), st.booleans(), st.booleans())


@given(st.booleans(), st.lists(looks, max_size=25))
def test_a_second_look_with_the_same_facts_does_nothing_and_there_is_always_a_next(
    in_session: bool, course: list[tuple[int, int | None, bool, bool]]
) -> None:
    core, now = Watch(in_session).core, NOON
    for after_s, heard_s, alone, many in course:
        now += seconds(after_s)
        heard_at = None if heard_s is None else now + seconds(heard_s)
        event = Looked(heard_at, alone, many)
        core = decide_supervision(core, event, now).core
        assert decide_supervision(core, event, now) == VigilDecision(core)
        assert core.due_at is not None
        assert core.due_at > now
        assert core.raised is None or core.lost_at is not None


@pytest.mark.parametrize(
    ("silent", "listened_for", "deaf"), [(19, 19, False), (20, 20, True), (94, 100, False), (95, 100, True)]
)
def test_next_to_nobody_heard_of_twenty_or_more_is_our_own_deafness(silent: int, listened_for: int, deaf: bool) -> None:
    assert hushed(silent, listened_for) is deaf
