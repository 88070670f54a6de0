"""The chain of hashes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from escalation.effects import Entry, EntryKind
from escalation.events import Operator, Responder, System, Wearer
from escalation.ids import IncidentId, UserId
from larmcentral.domain.timeline import FIRST_HASH, actor_pairs, append, first_broken, line_hash
from tests.world import BO, T0, an_id

INCIDENT = IncidentId(an_id("incident"))
ENTRIES = [
    Entry(EntryKind.OPENED, T0, System(), (("kind", "panic"),)),
    Entry(EntryKind.ACKNOWLEDGED, T0 + timedelta(seconds=9), Operator(UserId(an_id("karin")), BO)),
    Entry(EntryKind.NOTE, T0 + timedelta(seconds=12), Responder(BO), (("text", "på väg, åäö 🚑"),)),
]


def test_lines_are_numbered_from_one_and_each_hangs_on_the_one_before() -> None:
    lines = append(INCIDENT, 0, FIRST_HASH, ENTRIES)
    assert [line.seq for line in lines] == [1, 2, 3]
    assert len({line.hash for line in lines}) == 3
    assert first_broken(INCIDENT, lines) is None


def test_lines_added_later_continue_the_chain() -> None:
    first = append(INCIDENT, 0, FIRST_HASH, ENTRIES[:2])
    second = append(INCIDENT, first[-1].seq, first[-1].hash, ENTRIES[2:])
    assert first + second == append(INCIDENT, 0, FIRST_HASH, ENTRIES)


def test_a_changed_a_missing_and_an_exchanged_line_are_found() -> None:
    lines = append(INCIDENT, 0, FIRST_HASH, ENTRIES)
    changed = replace(lines[1], entry=replace(lines[1].entry, at=T0))
    assert first_broken(INCIDENT, [lines[0], changed, lines[2]]) == 2
    assert first_broken(INCIDENT, [lines[0], lines[2]]) == 2
    assert first_broken(INCIDENT, [lines[1], lines[0], lines[2]]) == 1


def test_the_same_lines_in_another_incident_do_not_fit() -> None:
    lines = append(INCIDENT, 0, FIRST_HASH, ENTRIES)
    assert first_broken(IncidentId(an_id("another")), lines) == 1


def test_the_hash_is_what_a_stranger_computes_from_the_description() -> None:
    import hashlib

    body = f'["{INCIDENT}",1,"2026-03-04T05:06:07.000000","note",{{"kind":"system"}},{{"text":"å"}}]'
    wanted = hashlib.sha256(FIRST_HASH + body.encode()).digest()
    assert line_hash(FIRST_HASH, INCIDENT, 1, T0, "note", {"kind": "system"}, {"text": "å"}) == wanted


def test_an_actor_is_named_by_what_he_is_and_his_ids() -> None:
    karin = UserId(an_id("karin"))
    assert [
        actor_pairs(one) for one in (Operator(karin), Operator(karin, BO), Responder(BO), Wearer(BO), System())
    ] == [
        {"kind": "operator", "user_id": str(karin)},
        {"kind": "operator", "user_id": str(karin), "person_id": str(BO)},
        {"kind": "responder", "person_id": str(BO)},
        {"kind": "wearer", "person_id": str(BO)},
        {"kind": "system"},
    ]
