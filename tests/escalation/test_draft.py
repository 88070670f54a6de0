from dataclasses import replace

import pytest

from escalation.alarm import AlarmKind
from escalation.chain import Roster
from escalation.draft import Draft
from escalation.incident import Incident, State
from escalation.purpose import Purpose
from tests.escalation.cast import ANNA, DESK, INCIDENT, START, chain, push, rung, seconds, sms, step

BARE = Incident(
    id=INCIDENT,
    purpose=Purpose.REAL,
    kind=AlarmKind.PANIC,
    silent=False,
    state=State.OPEN,
    opened_at=START,
    chain=chain(step(DESK)),
)


@pytest.mark.parametrize("purpose", [Purpose.DRILL, Purpose.TEST])
def test_even_a_mistaken_rule_cannot_send_a_drill_out_of_the_house(purpose: Purpose) -> None:
    draft = Draft(replace(BARE, purpose=purpose), START)
    with pytest.raises(AssertionError):
        draft.notify(sms(ANNA), 0, 1)


def test_even_a_mistaken_rule_cannot_tell_the_wearer() -> None:
    draft = Draft(replace(BARE, subject=ANNA), START)
    with pytest.raises(AssertionError):
        draft.notify(push(ANNA), 0, 1)


def test_the_desk_sounds_once_a_decision() -> None:
    draft = Draft(BARE, START)
    draft.notify_desk()
    draft.notify_desk()
    assert rung(draft.decision()) == ["desk"]


def test_fences_grow_with_every_timer_and_go_on_where_they_were() -> None:
    draft = Draft(replace(BARE, fence=7), START)
    draft.arm_step(seconds(5))
    assert draft.arm_medium(ANNA, seconds(5)) == 9
    draft.lapse_after(seconds(5))
    incident = draft.decision().incident
    assert (incident.step_fence, incident.lapse_fence, incident.fence) == (8, 10, 10)


def test_an_act_never_shortens_the_rest() -> None:
    draft = Draft(BARE, START)
    draft.lapse_after(seconds(900))
    draft.lapse_after(seconds(120))
    assert draft.lapse_at == START + seconds(900)
    draft.lapse_sooner(seconds(120))
    draft.lapse_sooner(seconds(300))
    assert draft.lapse_at == START + seconds(120)


def test_nothing_done_is_nothing_changed() -> None:
    decision = Draft(BARE, START).decision()
    assert decision.incident is BARE
    assert (decision.effects, decision.entries) == ((), ())
    assert Roster().contacts == {}
