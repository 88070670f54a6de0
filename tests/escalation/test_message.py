import pytest

from escalation.alarm import AlarmKind
from escalation.chain import Channel, Roster
from escalation.effects import About, EntryKind, InHouseNotice, Notify, OutwardNotice
from escalation.events import Acknowledged, Declined, MessageSent, MessageTo, OnTheWay, Operator, Outcome, StoodDown
from escalation.ids import UserId
from escalation.incident import Refused
from escalation.purpose import Purpose
from tests.escalation.cast import (
    ANNA,
    BO,
    CIA,
    DAG,
    DESK,
    FIA,
    Case,
    person,
    phones,
    point,
    push,
    responder,
    roster,
    sms,
    step,
)

WORDS = "Porten är öppen, gå till baksidan"
ALL = phones(ANNA, BO, CIA, DAG)


def three_told(*, purpose: Purpose = Purpose.REAL, silent: bool = False, kind: AlarmKind = AlarmKind.FALL) -> Case:
    whole = [step(person(ANNA), person(BO), person(CIA), needed=3), step(DESK)]
    return Case(whole, ALL, purpose=purpose, silent=silent, kind=kind, subject=DAG)


def to_responders(roster: Roster = ALL, by: Operator = FIA) -> MessageSent:
    return MessageSent(by, MessageTo.RESPONDERS, WORDS, roster)


def to_wearer(roster: Roster = ALL) -> MessageSent:
    return MessageSent(FIA, MessageTo.WEARER, WORDS, roster)


def notices(case: Case) -> list[InHouseNotice | OutwardNotice]:
    return [one for one in case.last.effects if isinstance(one, InHouseNotice | OutwardNotice)]


def test_words_reach_everybody_who_is_not_out_of_it_by_his_app_and_stand_on_the_timeline() -> None:
    case = three_told()
    case.happens(OnTheWay(responder(ANNA), ALL))
    case.happens(Declined(responder(CIA), ALL))
    decision = case.happens(to_responders())
    assert case.news == ["anna fcm message", "bo fcm message"]
    assert {one.words for one in notices(case)} == {WORDS}
    entry = decision.entries[0]
    assert (entry.kind, entry.by, dict(entry.detail)) == (
        EntryKind.MESSAGE_SENT,
        FIA,
        {"to": "responders", "text": WORDS, "persons": "2"},
    )


def test_whoever_has_no_app_hears_by_the_best_of_what_he_has() -> None:
    case = three_told()
    known = roster((person(ANNA), [push(ANNA)]), (person(BO), [sms(BO), point(BO, Channel.MAIL)]))
    case.happens(to_responders(known))
    assert case.news == ["anna fcm message", "bo sms message"]


def test_the_wearer_hears_on_all_his_phones_and_only_there() -> None:
    case = three_told()
    known = roster((person(DAG), [push(DAG), point(DAG, Channel.APNS, 1), sms(DAG)]), (person(BO), [push(BO)]))
    case.happens(to_wearer(known))
    assert case.news == ["dag fcm message", "dag apns message"]
    assert dict(case.last.entries[0].detail)["persons"] == "1"
    case.happens(to_wearer(roster((person(DAG), [sms(DAG)]))))
    assert case.news == ["dag sms message"]


def test_two_messages_to_one_phone_are_two_notices() -> None:
    case = three_told()
    case.happens(to_wearer())
    first = notices(case)
    case.happens(to_wearer())
    assert not {one.id for one in first} & {one.id for one in notices(case)}


@pytest.mark.parametrize(("silent", "kind"), [(True, AlarmKind.PANIC), (False, AlarmKind.DURESS)])
def test_the_wearer_of_a_silent_alarm_is_told_nothing_and_the_responders_are(silent: bool, kind: AlarmKind) -> None:
    case = three_told(silent=silent, kind=kind)
    before = case.incident
    with pytest.raises(Refused, match="silent"):
        case.happens(to_wearer())
    assert case.incident is before
    case.happens(to_responders())
    assert case.news == ["anna fcm message", "bo fcm message", "cia fcm message"]


def test_words_that_nobody_would_hear_are_refused() -> None:
    case = three_told()
    for nobody in (to_responders(Roster()), to_wearer(Roster())):
        with pytest.raises(Refused, match="nobody_to_reach"):
            case.happens(nobody)
    unworn = Case([step(DESK)], Roster())
    with pytest.raises(Refused, match="no_wearer"):
        unworn.happens(to_wearer())


def test_words_of_a_drill_stay_in_the_house() -> None:
    case = three_told(purpose=Purpose.DRILL)
    case.happens(to_responders())
    assert case.news == ["anna fcm message", "bo fcm message", "cia fcm message"]
    assert all(isinstance(one, InHouseNotice) for one in case.last.effects if isinstance(one, Notify))
    with pytest.raises(Refused, match="nobody_to_reach"):
        case.happens(to_wearer(roster((person(DAG), [sms(DAG)]))))


def test_whoever_sends_words_is_at_work_on_it() -> None:
    case = three_told()
    case.happens(Acknowledged(FIA))
    assert "owner_idle" in case.timers
    case.happens(to_responders())
    assert case.timers == {"lapse": 900}
    assert {one.about for one in notices(case)} == {About.MESSAGE}


def test_whom_it_is_about_sends_nobody_away_from_the_desk_and_nobody_writes_after_the_end() -> None:
    case = three_told()
    with pytest.raises(Refused, match="own_alarm"):
        case.happens(to_responders(by=Operator(UserId(DAG), DAG)))
    case.happens(StoodDown(FIA, Outcome.REAL, ""))
    with pytest.raises(Refused, match="stood_down"):
        case.happens(to_responders())
