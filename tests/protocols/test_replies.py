"""Whose answer a device's words are."""

from __future__ import annotations

import pytest

from protocols.orders import REPLY, CallBack, Commission, Locate, Order, Reassure
from protocols.replies import NOT_OURS, answered_by
from protocols.signal import AccountId, Signal, SignalKind
from tests.protocols.streams import NOW, hear, openers_of


def reply(text: str | None, *evidence: tuple[str, str]) -> Signal:
    return Signal(
        kind=SignalKind.HEARTBEAT, device=AccountId("1"), repeat_key="1", code=REPLY, text=text, evidence=evidence
    )


@pytest.mark.parametrize(
    ("protocol", "text", "order"),
    [
        ("watch", "FIND", Reassure),
        ("watch", "message", Reassure),
        ("watch", "CR", Locate),
        ("watch", "CR ok", Locate),
        ("watch", "CALL", CallBack),
        ("watch", "SOS2,0303174060", Commission),
        ("watch", "FALLDOWN,1,0", Commission),
        ("gl200", "GTRTO RTL 0001", Locate),
        ("meitrack", "A10 OK", Locate),
        ("meitrack", "A12 OK", Commission),
        ("h02", "D1,30,050608", Commission),
    ],
)
def test_a_reply_that_begins_with_a_word_of_ours_answers_that_order(
    protocol: str, text: str, order: type[Order]
) -> None:
    assert answered_by(protocol, reply(text)) == {order}


@pytest.mark.parametrize(
    ("protocol", "text"),
    [("watch", "ICCID,8946"), ("watch", "CRY"), ("gl200", "GTSRI"), ("meitrack", "A11 OK"), ("h02", "S20,OK")],
)
def test_a_reply_that_begins_with_another_word_answers_none_of_ours(protocol: str, text: str) -> None:
    assert answered_by(protocol, reply(text)) == NOT_OURS


@pytest.mark.parametrize(
    ("protocol", "text"), [("watch", ""), ("watch", None), ("h02", "set ok,1"), ("eelink", "OK"), ("gt06", "Lat:N57.9")]
)
def test_words_for_people_may_answer_any(protocol: str, text: str | None) -> None:
    assert answered_by(protocol, reply(text)) is None


def test_a_family_that_gives_back_our_number_says_by_it_which_command_it_answers() -> None:
    assert answered_by("gt06", reply("OK", ("order", "WHERE"))) == {Locate}
    assert answered_by("gt06", reply("OK", ("order", "SOS"))) == {Commission}
    assert answered_by("gt06", reply("OK", ("order", "FACTORY"))) == NOT_OURS


def test_a_gt06_that_answers_our_number_says_which_command_it_was_and_never_its_arguments() -> None:
    _, conversation = hear(
        openers_of("gt06").connection, [bytes.fromhex("787811010866000000000017360200000001469D0D0A")]
    )
    assert len(conversation.order(Commission(sos_numbers=("0303174060",)), NOW)) == 1
    # Type 21, server flag 1, ASCII, "OK"; the checksum is wrong, which costs no more than a doubt.
    events = conversation.receive(bytes.fromhex("7979000C2100000001014F4B000800000D0A"), NOW)
    (signal,) = [one for event in events for one in getattr(event, "signals", ())]
    assert (signal.code, signal.text, dict(signal.evidence)["order"]) == (REPLY, "OK", "SOS")
