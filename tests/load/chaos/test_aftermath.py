"""What is read out of a house after a fault."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from load.afterwards import Check
from load.chaos.aftermath import LOST, NEVER, Aftermath, overtaken
from load.generator import Pressed


def press(number: int, intended_s: float, acked_s: float | None) -> Pressed:
    return Pressed(number, f"watch {number}", "frame", intended_s, intended_s, acked_s, 1)


def aftermath(presses: Sequence[Pressed], *, received: dict[tuple[str, int], float] | None = None) -> Aftermath:
    """received: when the notice of a channel for press number n was."""
    found = received or {}
    notice = {key: UUID(int=place) for place, key in enumerate(found)}
    return Aftermath(
        presses=presses,
        incidents=len(presses),
        repeats=0,
        received=len(found),
        twice=2,
        late=0,
        steps_late_s=0.0,
        out_of_order=0,
        first_received_s={notice[key]: at_s for key, at_s in found.items()},
        first_of={notice[key]: (key[0], UUID(int=1000 + key[1])) for key in found},
        account_of={UUID(int=1000 + one.number): one.account for one in presses},
        checks=[Check(LOST, 3, 0), Check(NEVER, 4, 0)],
    )


def test_acks_are_counted_from_the_intended_press_in_its_span() -> None:
    after = aftermath([press(0, 1.0, 1.5), press(1, 5.0, 9.0), press(2, 6.0, None)])

    assert after.ack_seconds(0.0, 5.0) == [0.5]
    assert after.ack_seconds(5.0, 7.0) == [4.0]
    assert [one.number for one in after.acked] == [0, 1]


def test_who_waited_at_a_moment_is_counted_from_it() -> None:
    after = aftermath([press(0, 1.0, 1.5), press(1, 5.0, 9.0), press(2, 6.0, None), press(3, 8.5, 9.5)])

    assert after.acked_later(8.0) == [1.0]


def test_a_notice_is_counted_for_its_channel_from_its_own_press() -> None:
    presses = [press(0, 1.0, 1.1), press(1, 5.0, 5.1)]
    after = aftermath(presses, received={("apns", 0): 1.25, ("apns", 1): 7.0, ("fcm", 1): 5.5})

    assert after.notice_seconds("apns", 0.0, 10.0) == [0.25, 2.0]
    assert after.notice_seconds("fcm", 0.0, 10.0) == [0.5]
    assert after.notice_seconds("apns", 4.0, 10.0) == [2.0]


def test_what_is_lost_is_said_by_name_and_a_house_without_rest_is_a_fact_of_its_own() -> None:
    after = aftermath([])

    assert (after.lost, after.never_received) == (3, 4)
    assert [check.found for check in after.all_checks(rest=False)] == [1, 3, 4]
    assert after.all_checks(rest=True)[0].holds


def test_overdue_steps_are_in_order_when_none_fires_after_one_that_was_due_later() -> None:
    assert overtaken(due=[1.0, 3.0, 2.0, 4.0], fired=[9.0, 9.0, 9.0, 9.1]) == 0, "those of one moment have no order"
    assert overtaken(due=[1.0, 3.0, 2.0], fired=[9.0, 9.0, 9.1]) == 1
