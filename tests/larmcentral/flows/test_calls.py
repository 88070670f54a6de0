"""A call of ours, as the provider tells of it."""

from __future__ import annotations

import pytest

from escalation.chain import Channel
from escalation.effects import EntryKind
from escalation.ids import NoticeId
from escalation.incident import ResponderState
from larmcentral.domain.errors import NotFound
from larmcentral.domain.notice import Delivery, DeliveryState
from larmcentral.domain.outbox import NoticeState
from larmcentral.flows.call_scripts import CallScript, CallScripts
from larmcentral.flows.calls import Calls, Said
from tests.stories.world import World
from tests.world import DAVID

SECRET = b"sixteen bytes or more of secret"


class Telephone:
    """The calls of a world, and the token of the notice that went to David by telephone or text."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.scripts = CallScripts(SECRET, world.clock)
        server = world.server
        self.calls = Calls(server.means, self.scripts, world.house.answers, server.settling)

    def ring(self, language: str = "sv") -> str:
        """Press, wait until David is told outside the app, and return the token of that notice; its call is "c1"."""
        self.world.channels[Channel.SMS].always = Delivery(state=DeliveryState.SENT, provider_id="c1")
        self.world.press()
        self.world.run(seconds=51)
        (sent,) = [one for one in self.world.channels[Channel.SMS].sent if one.notice.person_id == DAVID]
        return self.token(sent.notice.id, language)

    def token(self, notice_id: NoticeId | None, language: str = "sv") -> str:
        return self.scripts.seal(
            CallScript(notice_id=notice_id, message="Larm.", question="Tryck 1.", language=language)
        )

    def told(self, token: str, provider_id: str, *, answered: bool, reason: str = "") -> NoticeState:
        """Tell what became of the call; return how the notice stands afterwards."""
        self.world.do(self.calls.came_to(token, provider_id, answered=answered, reason=reason))
        self.world.run(seconds=1)
        notice_id = self.scripts.open(token).notice_id
        assert notice_id is not None
        found = self.world.do(self.world.store.answerable(notice_id))
        assert found is not None
        return found.state


@pytest.fixture
def phone(world: World) -> Telephone:
    return Telephone(world)


def state_of(world: World) -> ResponderState:
    (found,) = [one.state for one in world.incident.responders if one.person_id == DAVID]
    return found


@pytest.mark.parametrize(
    ("digit", "state", "words"),
    [
        ("1", ResponderState.GOING, "Tack. Du är anmäld som på väg."),
        ("2", ResponderState.DECLINED, "Tack. Vi frågar någon annan."),
        ("3", ResponderState.ON_SITE, "Tack. Du är anmäld som framme."),
    ],
)
def test_a_key_answers_the_notice_that_was_read_out(
    world: World, phone: Telephone, digit: str, state: ResponderState, words: str
) -> None:
    token = phone.ring()
    for _ in range(2):
        assert world.do(phone.calls.pressed(token, digit)) == Said(words, ask=False)
    assert state_of(world) is state


def test_in_english_where_it_was_read_in_english(world: World, phone: Telephone) -> None:
    said = world.do(phone.calls.pressed(phone.ring("en"), "1"))
    assert said.words == "Thank you. You are noted as on your way."


@pytest.mark.parametrize("digit", ["", "7", "*", "11"])
def test_another_key_or_none_asks_again(world: World, phone: Telephone, digit: str) -> None:
    token = phone.ring()
    before = state_of(world)
    assert world.do(phone.calls.pressed(token, digit)) == Said("", ask=True)
    assert state_of(world) is before


def test_after_the_end_the_call_says_so(world: World, phone: Telephone) -> None:
    token = phone.ring()
    world.stand_down()
    assert world.do(phone.calls.pressed(token, "1")) == Said("Larmet är avslutat. Tack.", ask=False)


def test_words_about_ourselves_ask_nothing(world: World, phone: Telephone) -> None:
    assert world.do(phone.calls.pressed(phone.token(None), "1")) == Said("", ask=False)


def test_a_notice_that_there_is_not_cannot_be_answered(world: World, phone: Telephone) -> None:
    token = phone.token(NoticeId(world.ids.new()))
    assert world.do(phone.calls.pressed(token, "1")) == Said("Svaret kunde inte tas emot.", ask=False)
    world.do(phone.calls.came_to(token, "c1", answered=True, reason=""))


def test_while_the_database_is_away_the_key_is_asked_for_once_more(world: World, phone: Telephone) -> None:
    token = phone.ring()
    world.store.available = False
    said = world.do(phone.calls.pressed(token, "1"))
    world.store.available = True
    assert said == Said("Svaret kunde inte tas emot just nu. Tryck en gång till.", ask=True)


def test_a_call_that_was_answered_is_delivered(phone: Telephone) -> None:
    token = phone.ring()
    assert phone.told(token, "c1", answered=True) is NoticeState.DELIVERED
    assert phone.told(token, "c1", answered=False, reason="busy") is NoticeState.DELIVERED


def test_a_call_that_nobody_took_has_failed_and_the_chain_hears_of_it(world: World, phone: Telephone) -> None:
    token = phone.ring()
    for _ in range(2):
        assert phone.told(token, "c1", answered=False, reason="no-answer") is NoticeState.FAILED
    failed = [line.entry for line in world.lines if line.entry.kind is EntryKind.NOTICE_FAILED]
    assert [dict(entry.detail)["reason"] for entry in failed] == ["no-answer"]


def test_another_call_says_nothing_about_the_one_that_counts(phone: Telephone) -> None:
    assert phone.told(phone.ring(), "c0", answered=False, reason="busy") is NoticeState.SENT


def test_a_forged_address_is_not_found(world: World, phone: Telephone) -> None:
    for work in (phone.calls.pressed("forged", "1"), phone.calls.came_to("x", "c", answered=True, reason="")):
        with pytest.raises(NotFound):
            world.do(work)
    with pytest.raises(NotFound):
        phone.calls.script("forged")


def test_a_reply_is_a_script_without_a_question(phone: Telephone) -> None:
    token = phone.calls.reply("Tack.", "sv")
    assert phone.calls.script(token) == CallScript(notice_id=None, message="Tack.", question="", language="sv")
