import pytest

from escalation.chain import Channel, Step
from escalation.effects import Entry, EntryKind, SystemFault
from escalation.events import (
    Acknowledged,
    HandedOver,
    NoteAdded,
    OnTheWay,
    OwnerIdle,
    OwnerLeft,
    PutBack,
    Responder,
    System,
)
from escalation.ids import PersonId
from escalation.incident import Refused
from escalation.purpose import Purpose
from tests.escalation.cast import (
    ANNA,
    BO,
    DAG,
    DESK,
    EVA,
    FIA,
    GUN,
    MANAGERS,
    Case,
    person,
    phones,
    point,
    push,
    roster,
    sms,
    step,
)


def owned(*extra: Step, subject: PersonId | None = None) -> Case:
    """FIA has it; ANNA was told in the first step."""
    managers = (MANAGERS, [push(EVA), sms(EVA), push(DAG)])
    people = roster((person(ANNA), [push(ANNA)]), (person(BO), [push(BO)]), managers)
    case = Case([step(person(ANNA)), step(person(BO)), *extra], people, subject=subject)
    case.passes(5)
    case.happens(Acknowledged(FIA))
    return case


# Handing over


def test_the_owner_hands_it_over_and_the_next_is_watched_in_his_stead() -> None:
    case = owned()
    case.happens(NoteAdded(FIA, "she whispers"))
    case.passes(800)
    case.happens(HandedOver(FIA, GUN))
    assert case.incident.owner == GUN
    assert case.last.entries == (Entry(EntryKind.HANDED_OVER, case.now, FIA, (("to", str(GUN.user_id)),)),)
    assert case.timers == {"lapse": 120, "owner_idle": 60}
    assert case.wearer_told == []


def test_any_operator_may_take_it_over_and_a_repeat_changes_nothing() -> None:
    case = owned()
    case.happens(HandedOver(GUN, GUN))
    assert case.incident.owner == GUN
    before = case.incident
    assert case.happens(HandedOver(GUN, GUN)).incident is before
    assert case.last.effects == ()


def test_what_nobody_took_is_not_handed_over() -> None:
    case = Case([step(person(ANNA))], phones(ANNA))
    with pytest.raises(Refused, match="not_taken"):
        case.happens(HandedOver(FIA, GUN))
    case.happens(OnTheWay(Responder(ANNA)))
    with pytest.raises(Refused, match="not_taken"):
        case.happens(HandedOver(FIA, GUN))


# Putting back


def test_the_owner_puts_it_back_and_the_chain_goes_on_at_once() -> None:
    case = owned()
    case.happens(PutBack(FIA, case.roster))
    assert (case.state, case.incident.owner) == ("open", None)
    assert case.last.entries[0] == Entry(EntryKind.PUT_BACK, case.now, FIA, (("state", "open"),))
    assert case.rung == ["desk", "bo fcm", "anna fcm"]
    assert case.timers == {"next_step": 30}


def test_what_responders_have_in_hand_stays_there_without_an_owner() -> None:
    case = owned()
    case.happens(OnTheWay(Responder(ANNA)))
    case.happens(PutBack(FIA, case.roster))
    assert (case.state, case.incident.owner) == ("acknowledged", None)
    assert case.last.entries == (Entry(EntryKind.PUT_BACK, case.now, FIA),)
    assert (case.rung, case.timers) == ([], {"lapse": 900})


def test_nobody_puts_back_what_another_owns() -> None:
    case = owned()
    with pytest.raises(Refused, match="not_owner"):
        case.happens(PutBack(GUN, case.roster))
    case.happens(PutBack(FIA, case.roster))
    with pytest.raises(Refused, match="not_owner"):
        case.happens(PutBack(FIA, case.roster))


# Logging off


def test_when_the_owner_logs_off_the_next_at_the_desk_has_it_and_the_consoles_sound() -> None:
    case = owned()
    case.happens(OwnerLeft(GUN, case.roster))
    assert case.incident.owner == GUN
    detail = (("owner", str(FIA.user_id)), ("to", str(GUN.user_id)))
    assert case.last.entries[0] == Entry(EntryKind.OWNER_LEFT, case.now, System(), detail)
    assert case.rung == ["desk"]
    assert case.timers == {"lapse": 120, "owner_idle": 60}


def test_when_the_last_at_the_desk_logs_off_it_opens_again() -> None:
    case = owned()
    case.happens(OwnerLeft(None, case.roster))
    assert (case.state, case.incident.owner) == ("open", None)
    detail = (("owner", str(FIA.user_id)), ("state", "open"))
    assert case.last.entries[0] == Entry(EntryKind.OWNER_LEFT, case.now, System(), detail)
    assert case.rung == ["desk", "bo fcm", "anna fcm"]


def test_logging_off_leaves_in_hand_what_responders_have() -> None:
    case = owned()
    case.happens(OnTheWay(Responder(ANNA)))
    case.happens(OwnerLeft(None, case.roster))
    assert (case.state, case.incident.owner, case.timers) == ("acknowledged", None, {"lapse": 900})


def test_who_owns_nothing_leaves_nothing_behind() -> None:
    case = owned()
    before = case.incident
    assert case.happens(OwnerLeft(FIA, case.roster)).incident is before
    case.happens(PutBack(FIA, case.roster))
    before = case.incident
    assert case.happens(OwnerLeft(GUN, case.roster)).incident is before


# Doing nothing


def test_the_managers_hear_of_an_owner_who_does_nothing_once_and_he_keeps_it() -> None:
    case = owned(subject=DAG)
    case.passes(60)
    assert case.last.entries[0] == Entry(EntryKind.OWNER_IDLE, case.now, System(), (("owner", str(FIA.user_id)),))
    assert case.faults == [(SystemFault.OWNER_IDLE, None)]
    assert case.news == ["eva fcm owner_idle", "eva sms owner_idle"]
    assert (case.incident.owner, case.timers) == (FIA, {"lapse": 60})


def test_a_watch_that_was_replaced_tells_nobody() -> None:
    case = owned()
    old = OwnerIdle(case.incident.idle_fence or 0, case.roster)
    case.happens(HandedOver(FIA, GUN))
    before = case.incident
    assert case.happens(old).incident is before
    case.passes(60)
    assert case.last.entries[0].detail == (("owner", str(GUN.user_id)),)


def test_in_a_drill_the_managers_hear_of_it_in_the_house_alone() -> None:
    people = roster((MANAGERS, [push(EVA), sms(EVA), point(BO, Channel.FCM, external=True)]))
    case = Case([step(DESK)], people, purpose=Purpose.DRILL)
    case.happens(Acknowledged(FIA))
    case.passes(60)
    assert case.news == ["eva fcm owner_idle"]
