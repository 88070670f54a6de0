"""A case that was taken out proves itself: whatever is changed in it is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from larmcentral.domain.case_file import SEAL, canonical, document, seal
from larmcentral.domain.case_proof import NotACase, Verdict, judge, read_case
from tests.larmcentral.reports.cases import case_file

CASE = case_file()
WHOLE = document(CASE, msgspec.to_builtins(CASE.detail))
SAID = read_case(WHOLE)
ENDS = CASE.last_hash.hex()


def changed(change: Callable[[dict[str, Any]], object], *, sealed: bool = True) -> Verdict:
    """The verdict on a copy that somebody changed; sealed anew, as by one who knows how."""
    said = json.loads(WHOLE)
    change(said)
    if sealed:
        said[SEAL] = seal({name: value for name, value in said.items() if name != SEAL})
    return judge(read_case(canonical(said)))


def test_a_case_as_it_was_taken_out_is_whole() -> None:
    noted = {"last_hash": f" {ENDS.upper()}", "noted_seal": f"{SAID[SEAL].upper()}\n"}
    assert judge(SAID, **noted) == Verdict(8, ENDS, SAID[SEAL], ())


def test_it_holds_everything_with_raw_signals_and_exact_times() -> None:
    [signal] = SAID["signals"]
    assert bytes.fromhex(signal["raw"]) == CASE.signals[0].raw
    assert (signal["lat"], signal["received_at"]) == (57.87654, "2026-11-22T12:00:00.000000Z")
    assert SAID["timeline"][0]["at"] == "2026-11-22T12:00:01.000001Z"
    assert SAID["timeline"][6]["detail"] == CASE.lines[6].detail
    assert SAID["notices"][0]["person"] == "Carin Dal"
    assert SAID["facts"]["incident"]["person"]["name"] == "Anna Alm"
    assert SAID["facts"]["place"]["door_code"] == "1947"
    assert (SAID["head"]["number"], SAID["head"]["entries"]) == ("0ZC5-ZZA7", 8)


def test_it_is_whole_however_it_is_indented() -> None:
    assert judge(read_case(json.dumps(SAID, indent=2).encode())).faults == ()


@given(st.data())
def test_any_byte_that_is_flipped_in_any_entry_is_found(data: st.DataObject) -> None:
    start, end = WHOLE.index(b'"timeline":['), WHOLE.rindex(b"]")
    place = data.draw(st.integers(start, end))
    flipped = bytearray(WHOLE)
    flipped[place] ^= data.draw(st.integers(1, 255))
    with suppress(NotACase):
        assert judge(read_case(bytes(flipped))).faults


@pytest.mark.parametrize("place", range(8))
@pytest.mark.parametrize("name", ["at", "kind", "actor", "detail", "hash", "seq"])
def test_an_entry_that_was_changed_is_named_even_under_a_new_seal(place: int, name: str) -> None:
    def change(said: dict[str, Any]) -> None:
        entry, other = said["timeline"][place], said["timeline"][place - 1]
        entry[name] = {**entry[name], "more": "1"} if isinstance(entry[name], dict) else other[name]
        if name == "kind":
            entry[name] = "arrived"

    assert any(fault.startswith(f"entry {place + 1}: ") for fault in changed(change).faults)


def test_a_name_beside_an_entry_is_held_by_the_seal() -> None:
    faults = changed(lambda said: said["timeline"][4].update(by="Ola"), sealed=False).faults
    assert faults == ("document: its seal does not match; something in it was changed after it was taken out",)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda said: said["signals"].clear(), "signals: entry 1 speaks of one that is not there"),
        (lambda said: said["signals"][0].pop("id"), "signals: entry 1 speaks of one that is not there"),
        (lambda said: said["notices"].clear(), "notices: entry 3 speaks of one that is not there"),
        (lambda said: said.pop("signals"), "document: without signals"),
        (lambda said: said.update(notices={}), "document: without notices"),
        (lambda said: said.pop("facts"), "facts: none of the incident"),
        (lambda said: said["facts"].update(incident=[]), "facts: none of the incident"),
        (lambda said: said["facts"]["incident"].update(id="0198f000"), "facts: of another incident"),
        (lambda said: said["facts"]["incident"].update(outcome="false"), "facts: outcome is not as the account says"),
        (lambda said: said["facts"]["incident"].update(state="open"), "facts: state is not as the account says"),
        (lambda said: said["facts"]["incident"].update(silent=True), "facts: silent is not as the account says"),
        (
            lambda said: said["head"].update(first_hash="00"),
            "head: its first hash is not the one that every account begins with",
        ),
        (lambda said: said["head"].update(entries=8.0), "head: speaks of 8.0 entries, there are 8"),
    ],
)
def test_what_stands_beside_the_account_and_contradicts_it_is_found_even_under_a_new_seal(
    change: Callable[[dict[str, Any]], object], fault: str
) -> None:
    assert changed(change).faults == (fault,)


def test_what_no_entry_speaks_of_is_held_by_the_seal_that_was_noted_alone() -> None:
    said = json.loads(WHOLE)
    said["signals"][0]["raw"] = "00"
    said[SEAL] = seal({name: value for name, value in said.items() if name != SEAL})
    assert judge(said, last_hash=ENDS).faults == ()
    assert judge(said, noted_seal=SAID[SEAL]).faults == ("document: its seal is not the one that was noted elsewhere",)


def test_a_nest_that_is_just_too_deep_is_no_case_and_no_crash() -> None:
    for depth in range(960, 1010):
        with suppress(NotACase):
            judge(read_case(WHOLE[:-2] + b',"x":' + b"[" * depth + b"]" * depth + b"}"))


def test_entries_that_were_taken_off_the_end_are_missed_by_the_head() -> None:
    faults = changed(lambda said: said["timeline"].pop()).faults
    assert faults[0] == "head: speaks of 8 entries, there are 7"
    assert faults[1].startswith("head: its last hash is not that of the last entry")


def test_an_entry_that_was_taken_out_of_the_middle_breaks_the_chain_there() -> None:
    faults = changed(lambda said: said["timeline"].pop(3)).faults
    assert faults[0] == "entry 4: says that it is number 5"


def test_a_case_shortened_with_its_head_shows_only_beside_the_hash_that_was_noted() -> None:
    """The chain alone cannot prove its end; what stands on paper elsewhere does."""

    def shorten(said: dict[str, Any]) -> None:
        said["timeline"].pop()
        said["head"] |= {"entries": 7, "last_hash": said["timeline"][-1]["hash"]}
        said["facts"]["incident"]["state"] = "acknowledged"

    assert changed(shorten).faults == ()
    said = json.loads(WHOLE)
    shorten(said)
    said[SEAL] = seal({name: value for name, value in said.items() if name != SEAL})
    [fault] = judge(said, last_hash=ENDS).faults
    assert fault.endswith("not with the hash that was noted elsewhere")


def test_another_incidents_account_does_not_fit_this_head() -> None:
    def move(said: dict[str, Any]) -> None:
        said["head"]["incident_id"] = "0198f000-0000-7000-8000-000000000002"

    faults = changed(move).faults
    assert faults[0].startswith("entry 1: ")
    assert "head: its number is not that of the incident" in faults
    assert changed(lambda said: said["head"].update(incident_id=7)).faults[0].startswith("head: no incident's id")


@pytest.mark.parametrize(
    "entry", [None, [], {}, {"seq": 1}, {**SAID["timeline"][0], "more": 1}, {**SAID["timeline"][0], "hash": None}]
)
def test_what_is_no_entry_is_named_as_such(entry: object) -> None:
    def put(said: dict[str, Any]) -> None:
        said["timeline"][0] = entry

    assert changed(put).faults[0] == "entry 1: not in the form of an entry"


@pytest.mark.parametrize("at", ["2026-11-22T12:00:01Z", "yesterday", "2026-11-22T12:00:1.000001Z"])
def test_a_time_in_another_form_is_none(at: str) -> None:
    assert "entry 1: its time is none" in changed(lambda said: said["timeline"][0].update(at=at)).faults


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"\xff", b"[]", b"{}", b'{"format":"larmcentral case 1"}', WHOLE[:-9], b'{"a":1,"a":2}', b"[" * 100_000),
        *(b'{"format":"larmcentral case 1","head":{"x":NaN},"timeline":[]}', b'"\\ud800"'),
    ],
)
def test_what_is_no_case_is_told_from_a_broken_one(content: bytes) -> None:
    with pytest.raises(NotACase):
        read_case(content)


@given(st.binary(max_size=60))
def test_any_bytes_are_a_case_or_none(content: bytes) -> None:
    with pytest.raises(NotACase):
        read_case(content)
