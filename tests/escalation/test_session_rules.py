from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from escalation.chain import Risk
from escalation.plan import SafetyPlan
from escalation.session_rules import Allowed, Flag, NotAllowed, PlaceFacts, StartRequest, flag_faults, judge
from tests.escalation.cast import ANNA, BO, CIA

NOW = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
PLAN = SafetyPlan()
HALF_HOUR = timedelta(minutes=30)
GROUP = UUID(int=0x6)
VISIT = StartRequest(person_id=ANNA, purpose="home visit", check_in_every=HALF_HOUR)
FLAG = Flag(owner=CIA, ground="threats in January", review_on=date(2026, 5, 1))
FLAGGED = PlaceFacts(risk=Risk.EVIDENT, flag=FLAG)
SILENT = PlaceFacts(no_coverage=True, last_bad_at=NOW - timedelta(days=3))


def judged(request: StartRequest, place: PlaceFacts | None = None) -> Allowed | NotAllowed:
    return judge(request, place, PLAN, NOW, TODAY)


def test_an_ordinary_visit_is_allowed_as_it_was_asked_for() -> None:
    assert judged(VISIT) == Allowed(check_in_every=HALF_HOUR)


def test_a_session_that_names_neither_interval_nor_end_is_watched_all_the_same() -> None:
    assert judged(replace(VISIT, check_in_every=None)) == Allowed(check_in_every=timedelta(hours=1))


def test_a_visit_with_an_end_needs_no_check_ins() -> None:
    visit = replace(VISIT, check_in_every=None, ends_at=NOW + HALF_HOUR)
    assert judged(visit) == Allowed(check_in_every=None)


@pytest.mark.parametrize("purpose", ["", "  \n"])
def test_a_session_says_what_it_is_for(purpose: str) -> None:
    assert judged(replace(VISIT, purpose=purpose)) == NotAllowed(reason="purpose")


@pytest.mark.parametrize("seconds", [60, 36_000])
def test_an_interval_from_one_minute_to_ten_hours_is_allowed(seconds: int) -> None:
    every = timedelta(seconds=seconds)
    assert judged(replace(VISIT, check_in_every=every)) == Allowed(check_in_every=every)


@pytest.mark.parametrize("seconds", [-60, 0, 59, 36_001])
def test_an_interval_outside_is_not(seconds: int) -> None:
    assert judged(replace(VISIT, check_in_every=timedelta(seconds=seconds))) == NotAllowed(reason="interval")


@pytest.mark.parametrize(("hours", "allowed"), [(-1, False), (0, False), (24, True), (24.01, False)])
def test_an_end_lies_ahead_and_within_a_day(hours: float, allowed: bool) -> None:
    verdict = judged(replace(VISIT, ends_at=NOW + timedelta(hours=hours)))
    assert verdict == (Allowed(check_in_every=HALF_HOUR) if allowed else NotAllowed(reason="end"))


def test_nobody_is_his_own_companion() -> None:
    assert judged(replace(VISIT, companions=(BO, ANNA))) == NotAllowed(reason="own_companion")


# Journey 11: the flagged address.


def test_where_violence_is_an_evident_risk_nobody_goes_alone_and_is_told_the_rule_and_the_reason() -> None:
    assert judged(VISIT, FLAGGED) == NotAllowed(
        reason="two_person_rule",
        rule="AFS 2023:2",
        ground="threats in January",
        owner=CIA,
        review_on=date(2026, 5, 1),
        offer="linked_session",
    )


def test_a_group_of_one_is_still_alone() -> None:
    verdict = judged(replace(VISIT, group=GROUP), FLAGGED)
    assert isinstance(verdict, NotAllowed)
    assert verdict.reason == "two_person_rule"


def test_two_people_are_told_to_link_their_sessions() -> None:
    verdict = judged(replace(VISIT, companions=(BO,)), FLAGGED)
    assert isinstance(verdict, NotAllowed)
    assert (verdict.reason, verdict.rule, verdict.offer) == ("not_linked", "AFS 2023:2", "linked_session")


def test_two_people_in_linked_sessions_may_go() -> None:
    anna = replace(VISIT, companions=(BO,), group=GROUP)
    bo = replace(VISIT, person_id=BO, companions=(ANNA,), group=GROUP)
    assert judged(anna, FLAGGED) == judged(bo, FLAGGED) == Allowed(check_in_every=HALF_HOUR)


def test_a_raised_risk_alone_refuses_nobody() -> None:
    assert judged(VISIT, PlaceFacts(risk=Risk.RAISED)) == Allowed(check_in_every=HALF_HOUR)


def test_a_risk_whose_ground_is_another_committees_secret_counts_and_stays_secret() -> None:
    assert judged(VISIT, PlaceFacts(risk=Risk.EVIDENT)) == NotAllowed(
        reason="two_person_rule", rule="AFS 2023:2", offer="linked_session"
    )


def test_a_flag_past_its_review_still_counts_and_says_so() -> None:
    old = replace(FLAGGED, flag=replace(FLAG, review_on=date(2026, 3, 1)))
    refused = judged(VISIT, old)
    assert isinstance(refused, NotAllowed)
    assert (refused.reason, refused.review_overdue) == ("two_person_rule", True)
    allowed = judged(replace(VISIT, companions=(BO,), group=GROUP), old)
    assert allowed == Allowed(check_in_every=HALF_HOUR, review_overdue=True)


def test_a_flag_is_not_past_its_review_on_the_day_itself() -> None:
    today = replace(FLAGGED, flag=replace(FLAG, review_on=TODAY))
    refused = judged(VISIT, today)
    assert isinstance(refused, NotAllowed)
    assert not refused.review_overdue


@pytest.mark.parametrize("memo", [None, "", " "])
def test_a_place_without_coverage_asks_for_a_memo(memo: str | None) -> None:
    assert judged(replace(VISIT, memo=memo), SILENT) == NotAllowed(reason="memo_wanted")


def test_with_a_memo_the_interval_is_shortened() -> None:
    written = replace(VISIT, memo="cellar of house B, back at two")
    spoken = replace(VISIT, recording="memo/17")
    shorter = Allowed(check_in_every=timedelta(minutes=10), shortened=True, memo_wanted=True)
    assert judged(written, SILENT) == judged(spoken, SILENT) == shorter


def test_a_visit_without_check_ins_gets_them_where_there_is_no_coverage() -> None:
    visit = replace(VISIT, check_in_every=None, ends_at=NOW + HALF_HOUR, memo="cellar")
    assert judged(visit, SILENT) == Allowed(check_in_every=timedelta(minutes=10), shortened=True, memo_wanted=True)


def test_an_interval_that_is_short_enough_stays_as_it_is() -> None:
    visit = replace(VISIT, check_in_every=timedelta(minutes=10), memo="cellar")
    assert judged(visit, SILENT) == Allowed(check_in_every=timedelta(minutes=10), memo_wanted=True)


def test_a_flag_with_owner_ground_and_a_review_within_ninety_days_may_be_set() -> None:
    assert flag_faults(CIA, "threats", TODAY + timedelta(days=90), TODAY) == ()
    assert flag_faults(CIA, "threats", TODAY, TODAY) == ()


def test_a_flag_that_lacks_something_may_not() -> None:
    assert flag_faults(None, " ", None, TODAY) == ("owner", "ground", "review_on")
    assert flag_faults(CIA, "threats", TODAY + timedelta(days=91), TODAY) == ("review_too_far",)
    assert flag_faults(CIA, "threats", TODAY - timedelta(days=1), TODAY) == ("review_past",)
