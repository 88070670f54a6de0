"""What repeats are, and what a request amounts to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from protocols.scaip.meaning import MAX_EVIDENCE, REPEAT_WINDOW, registered, signals_of, words_of
from protocols.scaip.messages import Mrq
from protocols.signal import AccountId, Signal, SignalKind

NOW = datetime(2026, 3, 4, 5, 6, 10, tzinfo=UTC)
UNIT = AccountId("678")
PRESS = Mrq(ref="1", cid="678", dty="3")


def one(mrq: Mrq, now: datetime = NOW) -> Signal:
    key = words_of(mrq, UNIT, b"")
    return signals_of(mrq, UNIT, {}, now, known=True, key=key, window=REPEAT_WINDOW)[0]


def test_a_repeat_is_the_same_and_a_new_press_is_not() -> None:
    later = NOW + timedelta(seconds=20)
    key = one(PRESS).repeat_key
    assert one(replace(PRESS, dty="0003", pri="9"), later).repeat_key == key
    for other in (replace(PRESS, ref="2"), replace(PRESS, stc="19"), replace(PRESS, did="4"), replace(PRESS, dty="4")):
        assert one(other).repeat_key != key


def test_each_sign_of_life_is_one_of_its_own() -> None:
    ping = replace(PRESS, mty="pi")
    assert one(ping).kind is SignalKind.HEARTBEAT
    assert one(ping).repeat_key != one(ping, NOW + timedelta(seconds=1)).repeat_key
    assert registered(UNIT, NOW).repeat_key != registered(UNIT, NOW + timedelta(seconds=1)).repeat_key


def test_more_without_a_place_is_words_and_each_more_is_its_own() -> None:
    more = replace(PRESS, mty="IN", ite="ramlat i köket")
    assert (one(more).kind, one(more).text) == (SignalKind.HEARTBEAT, "Larm från larmknapp; ramlat i köket")
    assert one(more).repeat_key == one(more, NOW + timedelta(seconds=5)).repeat_key
    assert one(more).repeat_key != one(replace(more, ite="kvar")).repeat_key


def test_a_wrong_option_is_a_doubt_and_evidence_is_bounded() -> None:
    loud = replace(PRESS, crd=("a",) * 60, unknown=(("x", "y"),) * 60)
    (signal,) = signals_of(loud, UNIT, {"code:0003": "?"}, NOW, known=False, key="k", window=REPEAT_WINDOW)
    assert len(signal.evidence) == MAX_EVIDENCE
    assert signal.doubts == ("option code:0003 names no kind of signal",)
