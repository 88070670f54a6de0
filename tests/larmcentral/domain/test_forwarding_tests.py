"""Test state, fingerprints, and what may be signed."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from escalation.alarm import AlarmKind
from larmcentral.domain.errors import RefusedByRule
from larmcentral.domain.forwarding import MappingRow
from larmcentral.domain.forwarding_defaults import default_row
from larmcentral.domain.forwarding_tests import (
    AgreedRow,
    ForwarderPicture,
    InTest,
    RowTest,
    Signature,
    dump_row,
    fingerprint,
    load_row,
    made_up_case,
    row_address,
    signable,
    state_until,
)
from tests.larmcentral.channels.centre import PLAIN
from tests.larmcentral.channels.support import OPENED_AT as NOW

ROW = MappingRow(**PLAIN)


def row_test(**changes: Any) -> RowTest:
    told: dict[str, Any] = {
        "id": UUID(int=1),
        "receiver": "nord",
        "kind": ROW.kind,
        "silent": ROW.silent,
        "fingerprint": fingerprint(ROW),
        "state": "sent",
        "asked_at": NOW,
        "settled_at": NOW,
        "reason": "",
        "answer": "primary: ACK",
    }
    return RowTest(**told | changes)


@pytest.mark.parametrize("field", [field.name for field in fields(MappingRow)])
def test_any_change_of_a_row_is_another_row(field: str) -> None:
    changed: dict[str, Any] = {"kind": AlarmKind.FALL, "silent": True}
    other = replace(ROW, **{field: changed.get(field, "x")})
    assert fingerprint(other) != fingerprint(ROW) == fingerprint(replace(ROW))


def test_a_row_is_read_back_as_it_was_written() -> None:
    assert load_row(ROW.kind, ROW.silent, dump_row(ROW)) == ROW
    assert load_row(ROW.kind, ROW.silent, {**dump_row(ROW), "of a newer version": "x"}) == ROW


def test_our_proposal_holds_where_nothing_was_agreed() -> None:
    agreed = AgreedRow(receiver="nord", row=ROW, version=1, made_at=NOW, made_by=UUID(int=1))
    picture = ForwarderPicture({("nord", ROW.kind, ROW.silent): agreed})
    assert picture.row("nord", ROW.kind, ROW.silent) == ROW
    assert picture.row("syd", ROW.kind, ROW.silent) == default_row(ROW.kind, ROW.silent)


def test_a_test_state_ends_by_itself() -> None:
    state = InTest(receiver="nord", until=NOW, changed_at=NOW, changed_by=UUID(int=1))
    picture = ForwarderPicture(states={"nord": state, "ended": replace(state, until=None)})
    assert picture.in_test("nord", NOW - timedelta(seconds=1))
    assert not picture.in_test("nord", NOW)
    assert not picture.in_test("ended", NOW)
    assert not picture.in_test("syd", NOW)


@pytest.mark.parametrize(
    ("after", "reason"), [(timedelta(), "test_state_past"), (timedelta(hours=4, seconds=1), "test_state_too_long")]
)
def test_a_test_state_is_neither_over_nor_forgotten(after: timedelta, reason: str) -> None:
    with pytest.raises(RefusedByRule, match=reason):
        state_until(NOW + after, NOW)
    assert state_until(NOW + timedelta(hours=4), NOW) == NOW + timedelta(hours=4)


def test_the_newest_signature_of_the_row_as_it_is_now_counts() -> None:
    agreed = AgreedRow(receiver="nord", row=ROW, version=1, made_at=NOW, made_by=UUID(int=1))
    signature = Signature(
        id=UUID(int=1),
        receiver="nord",
        kind=ROW.kind,
        silent=ROW.silent,
        fingerprint=fingerprint(ROW),
        test_id=UUID(int=2),
        tested_at=NOW,
        path="primary",
        signed_at=NOW,
        signed_by=UUID(int=3),
    )
    newer = replace(signature, id=UUID(int=4), signed_at=NOW + timedelta(days=1))
    other = replace(signature, id=UUID(int=5), fingerprint="of the row before", signed_at=NOW + timedelta(days=2))
    rows = {("nord", ROW.kind, ROW.silent): agreed}
    picture = ForwarderPicture(rows, {}, (newer, signature, other))
    assert picture.signed("nord", ROW.kind, ROW.silent) == newer
    assert ForwarderPicture(rows, {}, (other,)).signed("nord", ROW.kind, ROW.silent) is None


def test_a_test_of_this_very_row_that_the_centre_took_may_be_signed() -> None:
    assert signable(row_test(), ROW, "nord", NOW + timedelta(hours=24)) == "primary"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"receiver": "syd"}, "test_of_another_row"),
        ({"kind": AlarmKind.FALL}, "test_of_another_row"),
        ({"silent": True}, "test_of_another_row"),
        ({"fingerprint": "0" * 32}, "row_changed_since_test"),
        ({"state": "failed"}, "test_not_taken"),
        ({"state": "pending", "settled_at": None}, "test_not_taken"),
        ({"answer": "words without a path"}, "test_not_taken"),
        ({"settled_at": NOW - timedelta(hours=24, seconds=1)}, "test_too_old"),
    ],
)
def test_what_proves_nothing_of_the_row_may_not_be_signed(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(RefusedByRule, match=reason):
        signable(row_test(**changes), ROW, "nord", NOW)


def test_a_row_s_address_names_the_row_as_it_is() -> None:
    assert row_address("nord", ROW) == f"nord/panic/open/{fingerprint(ROW)}"
    assert row_address("nord", replace(ROW, silent=True)).split("/")[2] == "silent"


def test_the_made_up_case_has_everything_that_a_real_one_may_have() -> None:
    made_up = made_up_case(NOW)
    assert [field.name for field in fields(made_up) if getattr(made_up, field.name) is None] == []
