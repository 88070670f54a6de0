"""Words about a visit, and what a session takes down after its end."""

from __future__ import annotations

import pytest

from escalation.events import Wearer
from escalation.incident import Refused
from escalation.session import Cause
from escalation.session_course import decide_session
from escalation.session_events import Ended, Extended, MemoGiven, WelfareRefused
from escalation.session_kept import LONGEST_MEMO
from escalation.vigil import CallForHelp
from tests.escalation.cast import BO
from tests.escalation.lone_work import ME, ONE, TWO, Watch, minutes


def test_memos_stand_one_behind_the_other_and_the_log_says_when_and_not_what() -> None:
    watch = Watch()
    watch.happens(MemoGiven(ME, "14:05 goes in by the back"), ONE + minutes(5))
    watch.happens(MemoGiven(ME, "14:10 dog", ONE + minutes(10)), ONE + minutes(12))
    assert watch.session.memo == "14:05 goes in by the back\n14:10 dog"
    assert [(entry.kind, dict(entry.detail)) for entry in watch.log] == [
        ("memo", {"signs": "25"}),
        ("memo", {"signs": "9", "made_at": (ONE + minutes(10)).isoformat()}),
    ]


def test_a_memo_is_the_wearers_own_and_there_is_an_end_to_them() -> None:
    watch = Watch()
    with pytest.raises(Refused, match="not_the_wearer"):
        decide_session(watch.session, MemoGiven(Wearer(BO), "dog"), ONE)
    watch.happens(MemoGiven(ME, "a" * (LONGEST_MEMO - 2)), ONE)
    with pytest.raises(Refused, match="memo"):
        decide_session(watch.session, MemoGiven(ME, "bc"), ONE)


def test_a_memo_of_a_visit_that_is_over_is_kept_with_it() -> None:
    watch = Watch()
    watch.happens(Ended(ME, "app"), ONE + minutes(30))
    watch.happens(MemoGiven(ME, "14:20 dog", ONE + minutes(20)), ONE + minutes(40))
    assert watch.session.memo == "14:20 dog"
    with pytest.raises(Refused, match="session_ended"):
        decide_session(watch.session, MemoGiven(ME, "15:00 cat"), TWO)


def test_not_fine_said_while_it_ran_calls_for_help_after_somebody_ended_it() -> None:
    """It had waited on a phone without network, and the desk ended the visit meanwhile."""
    watch = Watch()
    watch.happens(Ended(ME, "app"), ONE + minutes(30))
    watch.happens(WelfareRefused(ME, ONE + minutes(20)), ONE + minutes(40))
    (call,) = [effect for _, effect in watch.done if isinstance(effect, CallForHelp)]
    assert (call.why, call.event_at) == (Cause.WELFARE_NO.value, ONE + minutes(20))
    assert watch.session.ended_at == ONE + minutes(30)


def test_a_late_extension_is_taken_down_and_a_no_said_after_the_end_is_refused() -> None:
    watch = Watch()
    watch.happens(Ended(ME, "app"), ONE + minutes(30))
    watch.happens(Extended(ME, TWO, ONE + minutes(20)), ONE + minutes(40))
    assert (watch.log[-1].kind, watch.session.ends_at) == ("late_extended", None)
    with pytest.raises(Refused, match="session_ended"):
        decide_session(watch.session, WelfareRefused(ME, ONE + minutes(31)), TWO)
