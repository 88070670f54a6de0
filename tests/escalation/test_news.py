from uuid import UUID, uuid5

from escalation.chain import Channel, Medium
from escalation.effects import About, EntryKind, InHouseNotice, OutwardNotice
from escalation.events import Acknowledged, Arrived, Declined, OnTheWay, Outcome, Responder, StoodDown
from escalation.ids import NoticeId
from escalation.news import news_of_gone
from escalation.purpose import Purpose
from tests.escalation.cast import (
    ANNA,
    BO,
    CIA,
    DAG,
    DAY_TEAM,
    DESK,
    EVA,
    FIA,
    INCIDENT,
    MANAGERS,
    PUSH,
    SMS,
    Case,
    person,
    phones,
    point,
    push,
    roster,
    sms,
    step,
)


def two_wanted(*, purpose: Purpose = Purpose.REAL, media: tuple[Medium, ...] = (PUSH, SMS), turn: bool = False) -> Case:
    whole = [step(person(ANNA), person(BO), person(CIA), media=media, in_turn=turn, needed=2), step(DESK)]
    return Case(whole, phones(ANNA, BO, CIA, EVA), purpose=purpose, subject=DAG)


def test_the_first_who_goes_is_seen_by_all_who_were_told_by_their_apps_alone() -> None:
    case = two_wanted()
    case.happens(OnTheWay(Responder(ANNA), case.roster))
    assert case.news == ["bo fcm going", "cia fcm going"]
    case.happens(Declined(Responder(ANNA), case.roster))
    case.happens(OnTheWay(Responder(BO), case.roster))
    assert case.news == []


def test_a_mere_yes_is_no_going_but_arriving_is() -> None:
    case = two_wanted()
    case.happens(Acknowledged(Responder(ANNA), case.roster))
    assert case.news == []
    case.happens(Arrived(Responder(ANNA), case.roster))
    assert case.news == ["bo fcm going", "cia fcm going"]


def test_those_who_need_not_come_hear_so_where_they_were_rung() -> None:
    case = two_wanted()
    case.happens(OnTheWay(Responder(ANNA), case.roster))
    case.happens(OnTheWay(Responder(BO), case.roster))
    assert case.news == ["cia fcm released", "cia sms released"]
    assert case.withdrawn == [{"bo", "cia"}]
    assert [dict(one.detail)["about"] for one in case.last.entries if one.kind is EntryKind.NOTICE_FILED] == [
        "released",
        "released",
    ]


def test_whom_no_text_message_has_called_yet_none_tells_to_stay() -> None:
    case = two_wanted(turn=True)
    case.happens(OnTheWay(Responder(ANNA), case.roster))
    case.happens(OnTheWay(Responder(BO), case.roster))
    assert case.news == ["cia fcm released"]
    case = two_wanted(turn=True)
    case.passes(20)
    case.happens(OnTheWay(Responder(ANNA), case.roster))
    case.happens(OnTheWay(Responder(BO), case.roster))
    assert case.news == ["cia fcm released", "cia sms released"]


def test_whoever_is_asked_again_and_released_again_hears_it_again() -> None:
    case = Case([step(person(ANNA), person(BO)), step(DESK)], phones(ANNA, BO))
    for _ in range(2):
        case.happens(Acknowledged(Responder(ANNA), case.roster))
        assert case.news == ["bo fcm released"]
        case.passes(120)
        assert case.states == {"anna": "notified", "bo": "notified"}


def test_who_only_volunteered_and_was_never_rung_is_not_told_to_stay() -> None:
    case = Case([step(person(ANNA), needed=2), step(DESK, needed=2)], phones(ANNA))
    case.happens(Acknowledged(Responder(BO)))
    case.happens(Acknowledged(Responder(ANNA)))
    case.passes(120)
    assert case.of(BO).attempts == 0
    case.happens(OnTheWay(Responder(ANNA), phones(ANNA, BO)))
    case.happens(OnTheWay(Responder(CIA), phones(ANNA, BO)))
    assert case.states == {"bo": "released", "anna": "going", "cia": "going"}
    assert case.news == []


def test_without_a_roster_nobody_is_told_anything() -> None:
    case = two_wanted()
    case.happens(OnTheWay(Responder(ANNA)))
    case.happens(OnTheWay(Responder(BO)))
    assert case.news == []
    assert case.states["cia"] == "released"


def test_who_said_yes_hears_that_it_is_over_by_app_or_else_by_text_message() -> None:
    case = two_wanted()
    case.happens(OnTheWay(Responder(ANNA)))
    case.happens(Acknowledged(Responder(BO)))
    case.happens(StoodDown(FIA, Outcome.REAL, "", roster((person(ANNA), [sms(ANNA)]), (DAY_TEAM, [push(BO), sms(BO)]))))
    assert case.news == ["anna sms over", "bo fcm over"]
    assert case.state == "stood_down"


def test_who_ends_it_himself_need_not_be_told() -> None:
    case = two_wanted()
    case.happens(Arrived(Responder(ANNA)))
    case.happens(Arrived(Responder(BO)))
    case.happens(StoodDown(Responder(ANNA), Outcome.REAL, "", case.roster))
    assert case.news == ["bo fcm over"]


def test_a_drill_tells_its_news_in_the_house_alone() -> None:
    case = two_wanted(purpose=Purpose.DRILL)
    case.happens(OnTheWay(Responder(ANNA), case.roster))
    case.happens(OnTheWay(Responder(BO), case.roster))
    assert case.news == ["cia fcm released"]
    case.happens(StoodDown(FIA, Outcome.DRILL, "", roster((person(ANNA), [sms(ANNA)]), (person(BO), [push(BO)]))))
    assert case.news == ["bo fcm over"]


def test_news_is_named_after_what_it_tells_and_asks_for_no_answer() -> None:
    case = two_wanted()
    ringing = case.of(BO).ringing
    case.happens(OnTheWay(Responder(ANNA), case.roster))
    news = case.notices[-2]
    assert news.id == NoticeId(uuid5(INCIDENT, f"going/{BO}/{push(BO).point_id}/1"))
    assert (news.attempt, news.about) == (0, About.GOING)
    assert case.of(BO).ringing == ringing


# A contact point that is gone


def test_a_person_hears_by_the_best_that_is_left_that_a_phone_of_his_is_gone() -> None:
    incident = two_wanted().incident
    lost = NoticeId(UUID(int=7))
    news = news_of_gone(incident, lost, [sms(ANNA), push(ANNA)])
    assert isinstance(news, OutwardNotice)
    assert (news.id, news.channel, news.about) == (NoticeId(uuid5(lost, "gone")), Channel.SMS, About.POINT_GONE)
    assert (news.round, news.step, news.attempt) == (1, 1, 0)
    assert news_of_gone(incident, lost, []) is None


def test_news_goes_by_a_way_that_answers_where_the_person_has_one() -> None:
    dead = point(ANNA, Channel.FCM, dead=True)
    case = Case([step(person(ANNA), person(BO), media=(PUSH, SMS), needed=2), step(DESK)], phones(ANNA, BO))
    case.happens(OnTheWay(Responder(ANNA), case.roster))
    died = roster((person(ANNA), [dead, sms(ANNA)]), (person(BO), [push(BO)]))
    case.happens(StoodDown(FIA, Outcome.FALSE, "", died))
    assert case.news == ["anna sms over"]
    best = news_of_gone(case.incident, NoticeId(INCIDENT), [dead, sms(ANNA)])
    assert best is not None
    assert best.channel is Channel.SMS
    only = news_of_gone(case.incident, NoticeId(INCIDENT), [dead])
    assert only is not None
    assert only.channel is Channel.FCM


def test_those_who_need_not_come_hear_so_where_they_were_rung_in_their_own_order() -> None:
    hers = [point(CIA, Channel.SMS, rank=0), point(CIA, Channel.FCM, rank=1)]
    whole = [step(person(BO), person(CIA), media=(PUSH, SMS), in_turn=True)]
    case = Case(whole, roster((person(BO), [push(BO)]), (person(CIA), hers)))
    case.happens(OnTheWay(Responder(BO), case.roster))
    assert case.news == ["cia sms released"]


def test_managers_are_spared_what_is_dead_where_they_have_something_else() -> None:
    hers = [point(ANNA, Channel.FCM, dead=True), sms(ANNA)]
    his = [point(BO, Channel.FCM, dead=True)]
    case = Case([step(DESK)], roster((MANAGERS, [*hers, *his])))
    case.happens(Acknowledged(FIA))
    case.passes(60)
    assert case.news == ["anna sms owner_idle", "bo fcm owner_idle"]


def test_a_drill_tells_of_it_in_the_house_or_not_at_all() -> None:
    incident = two_wanted(purpose=Purpose.DRILL).incident
    lost = NoticeId(UUID(int=7))
    guard = point(EVA, Channel.FCM, external=True)
    news = news_of_gone(incident, lost, [sms(EVA), guard, push(EVA)])
    assert isinstance(news, InHouseNotice)
    assert news_of_gone(incident, lost, [sms(EVA), guard]) is None
