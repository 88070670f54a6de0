"""Answers by a button, a text message or a key."""

from __future__ import annotations

import pytest

from escalation.incident import Refused, ResponderState
from larmcentral.domain.errors import NotFound
from larmcentral.flows.answers import HELP, HELPS, SECRET_BYTES, Answers
from tests.stories.world import World
from tests.world import BO, DAVID

DAVIDS = "+46701740606"


def david_is_texted(world: World) -> None:
    world.press()
    world.run(seconds=51)


def state_of(world: World, who: object) -> ResponderState:
    (found,) = [one.state for one in world.incident.responders if one.person_id == who]
    return found


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("going", ResponderState.GOING),
        ("cannot", ResponderState.DECLINED),
        ("on_site", ResponderState.ON_SITE),
    ],
)
def test_a_button_says_one_word_and_twice_is_once(world: World, word: str, state: ResponderState) -> None:
    world.press()
    for _ in range(2):
        world.presses_button(BO, word)
    assert state_of(world, BO) is state


def test_a_button_knows_no_other_word(world: World) -> None:
    world.press()
    with pytest.raises(Refused, match="bad_answer"):
        world.presses_button(BO, "ja")


def test_a_button_pressed_after_the_end_is_refused(world: World) -> None:
    world.press()
    world.stand_down()
    with pytest.raises(Refused, match="stood_down"):
        world.presses_button(BO, "going")


def test_a_key_fits_its_own_notice_and_no_other(world: World) -> None:
    world.press()
    answers = world.house.answers
    known = [sent.notice.id for channel in world.channels.values() for sent in channel.sent]
    tokens = [answers.token(notice_id) for notice_id in known]
    assert len(set(tokens)) == len(tokens)
    assert all(len(token) == 43 and token.isascii() for token in tokens)
    one, other = tokens[0], tokens[1]
    forged = one[:22] + other[22:]
    for bad in (forged, one[:-1], one + "A", "", "å" * 43, "!" * 43, one.swapcase()):
        with pytest.raises(NotFound):
            world.do(answers.by_token(bad, "going"))


def test_a_notice_that_asks_nobody_cannot_be_answered(world: World) -> None:
    world.press()
    (desk,) = [s.notice.id for channel in world.channels.values() for s in channel.sent if s.notice.person_id is None]
    with pytest.raises(Refused, match="nobody_asked"):
        world.do(world.house.answers.by_token(world.house.answers.token(desk), "going"))


def test_another_house_has_another_secret(world: World) -> None:
    world.press()
    notice_id = next(iter(world.store.tables.notices))
    other = Answers(world.server.means, world.server.escalate, b"another secret of 16")
    with pytest.raises(NotFound):
        world.do(world.house.answers.by_token(other.token(notice_id), "going"))
    with pytest.raises(ValueError, match=str(SECRET_BYTES)):
        Answers(world.server.means, world.server.escalate, b"short")


@pytest.mark.parametrize("text", ["JA", "ja", " Ja! ", "J", "1", "Kommer", "YES", "going.", "ja, jag kommer"])
def test_a_yes_by_text_message_is_a_yes_however_it_is_written(world: World, text: str) -> None:
    david_is_texted(world)
    assert world.replies(DAVIDS, text) is not None
    assert state_of(world, DAVID) is ResponderState.GOING


@pytest.mark.parametrize("text", ["NEJ", "n", "2", "kan inte", "Kan  INTE!", "No", "can't"])
def test_a_no_is_a_no(world: World, text: str) -> None:
    david_is_texted(world)
    world.replies(DAVIDS, text)
    assert state_of(world, DAVID) is ResponderState.DECLINED


@pytest.mark.parametrize("text", ["FRAMME", "3", "på plats", "pa\u030a plats", "here"])
def test_being_there_is_said_in_either_language(world: World, text: str) -> None:
    david_is_texted(world)
    world.replies(DAVIDS, text)
    assert state_of(world, DAVID) is ResponderState.ON_SITE


@pytest.mark.parametrize("text", ["", "?", "janej", "vem är det?", "ja " * 50])
def test_what_nobody_understands_changes_nothing_and_says_how(world: World, text: str) -> None:
    david_is_texted(world)
    assert world.replies(DAVIDS, text) == HELP
    assert state_of(world, DAVID) is ResponderState.NOTIFIED
    assert len(HELP) <= 160


def test_a_telephone_that_answers_by_itself_is_not_answered_for_ever(world: World) -> None:
    david_is_texted(world)
    replies = [world.replies(DAVIDS, "Jag kör bil och svarar senare.") for _ in range(HELPS + 2)]
    assert replies == [HELP] * HELPS + [None] * 2
    assert world.replies(DAVIDS, "JA") is not None
    assert state_of(world, DAVID) is ResponderState.GOING


def test_the_reply_is_in_the_language_of_the_answer(world: World) -> None:
    david_is_texted(world)
    assert world.replies(DAVIDS, "no") == "Thank you. We are asking somebody else."
    assert world.replies(DAVIDS, "nej") == "Tack. Vi frågar någon annan."


def test_a_stranger_gets_no_reply(world: World) -> None:
    david_is_texted(world)
    assert world.replies("+46701740699", "JA") is None
    assert world.do(world.house.answers.by_key("+46701740699", "1")) is None


def test_the_keys_of_the_telephone_say_the_same(world: World) -> None:
    david_is_texted(world)
    by_key = world.house.answers.by_key
    assert world.do(by_key(DAVIDS, "9")) == HELP
    assert world.do(by_key(DAVIDS, "1 ")) == "Tack. Du är anmäld som på väg. Svara FRAMME när du är på plats."
    assert state_of(world, DAVID) is ResponderState.GOING
    world.do(by_key(DAVIDS, "3"))
    assert state_of(world, DAVID) is ResponderState.ON_SITE
