"""Rounds of asking, and how far an event is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from protocols.scaip import cases
from protocols.scaip.cases import GAP, LIFE, Case, Cases, Rounds, Way
from protocols.signal import AccountId

NOW = datetime(2026, 3, 4, 5, 6, 10, tzinfo=UTC)
UNIT = AccountId("678")


def case(ref: str = "1", *, held: bool = True) -> Case:
    way = Way("sip:678@h", "<sip:678@h>", "sip:larm@h", "h")
    return Case(ref=ref, device_type="0003", event="e", way=way, heard_at=NOW, held=held)


def test_a_round_goes_on_while_it_is_asked_and_a_later_one_is_another() -> None:
    rounds = Rounds()
    first = rounds.heard("a", NOW)
    assert (first.begun_at, first.is_first) == (NOW, True)
    assert rounds.goes_on("a", NOW + GAP)
    on = rounds.heard("a", NOW + GAP)
    assert (on.begun_at, on.is_first) == (NOW, True)
    assert not rounds.goes_on("a", on.heard_at + GAP + timedelta(seconds=1))
    later = rounds.heard("a", on.heard_at + GAP + timedelta(seconds=1))
    assert (later.begun_at, later.is_first) == (later.heard_at, False)
    assert not rounds.goes_on("b", NOW)


def test_a_clock_that_is_set_back_begins_no_round() -> None:
    rounds = Rounds()
    rounds.heard("a", NOW)
    assert rounds.heard("a", NOW - timedelta(hours=1)).begun_at == NOW


def test_both_memories_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "MAX_ROUNDS", 3)
    monkeypatch.setattr(cases, "MAX_CASES", 3)
    rounds, known = Rounds(), Cases()
    for number in range(9):
        rounds.heard(str(number), NOW)
        known.put(UNIT, case(str(number)))
    assert (len(rounds), len(known)) == (3, 3)
    assert rounds.heard("0", NOW).is_first, "a forgotten one begins anew"


def test_what_is_held_is_taken_once_and_nothing_is_known_for_ever() -> None:
    known = Cases()
    known.put(UNIT, case("1"))
    known.put(UNIT, case("2", held=False))
    known.put(AccountId("679"), case("3"))
    (held,) = known.held(UNIT, NOW)
    assert held.ref == "1"
    known.take(UNIT, held)
    assert list(known.held(UNIT, NOW)) == []
    assert known.find(UNIT, "1", NOW + LIFE) is not None
    assert known.find(UNIT, "1", NOW + LIFE + timedelta(seconds=1)) is None
