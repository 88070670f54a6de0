"""What the timeline tells of results."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from escalation.chain import Channel
from escalation.effects import EntryKind
from escalation.ids import IncidentId, NoticeId
from larmcentral.domain.notice import PathTry
from larmcentral.domain.outbox import NoticeState, Settled
from larmcentral.flows.result_lines import lines_of
from tests.world import BO, CARE, ORGANISATION, T0, an_id

TEXT = Settled(
    notice_id=NoticeId(an_id("n")),
    organisation_id=ORGANISATION,
    committee_id=CARE,
    incident_id=IncidentId(an_id("i")),
    channel=Channel.SMS,
    person_id=BO,
    point_id=None,
    state=NoticeState.SENT,
    at=T0,
    tries=2,
    provider="46elks",
)
WAITING = replace(TEXT, state=NoticeState.PENDING, due_at=T0 + timedelta(seconds=9), reason="429", waits=True)
CASE = replace(
    TEXT,
    channel=Channel.RECEIVER,
    person_id=None,
    receiver="nord",
    provider="receiver:nord",
    paths=(
        PathTry(path="primary", at=T0, seconds=5, took=False, result="no answer"),
        PathTry(path="secondary", at=T0 + timedelta(seconds=5), seconds=0.0213, took=True, result="0"),
    ),
)


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (NoticeState.SENT, EntryKind.NOTICE_SENT),
        (NoticeState.DELIVERED, EntryKind.NOTICE_DELIVERED),
        (NoticeState.REFUSED, EntryKind.NOTICE_FAILED),
        (NoticeState.GONE, EntryKind.NOTICE_FAILED),
        (NoticeState.FAILED, EntryKind.NOTICE_FAILED),
    ],
)
def test_each_end_of_a_notice_is_a_line(state: NoticeState, kind: EntryKind) -> None:
    (line,) = lines_of(replace(TEXT, state=state), said_to_wait=False)
    assert (line.kind, line.at) == (kind, T0)
    assert dict(line.detail) == {
        "notice": str(an_id("n")),
        "channel": "sms",
        "tries": "2",
        "person": str(BO),
        "provider": "46elks",
    }


def test_that_an_alarm_waits_is_said_once_with_the_time_at_which_it_is_expected_to_go() -> None:
    (line,) = lines_of(WAITING, said_to_wait=False)
    assert line.kind is EntryKind.NOTICE_WAITS
    assert dict(line.detail)["due"] == (T0 + timedelta(seconds=9)).isoformat()
    assert dict(line.detail)["reason"] == "429"
    assert lines_of(WAITING, said_to_wait=True) == ()
    assert lines_of(replace(WAITING, waits=False), said_to_wait=False) == ()


def test_each_path_to_a_centre_is_a_line_at_its_own_time() -> None:
    first, second, sent = lines_of(CASE, said_to_wait=False)
    assert [line.kind for line in (first, second, sent)] == [EntryKind.PATH_TRIED] * 2 + [EntryKind.NOTICE_SENT]
    assert second.at == T0 + timedelta(seconds=5)
    assert dict(second.detail) == {
        "notice": str(an_id("n")),
        "receiver": "nord",
        "path": "secondary",
        "took": "yes",
        "seconds": "0.021",
        "result": "0",
        "tries": "2",
    }
    assert dict(first.detail)["took"] == "no"
    assert dict(sent.detail)["receiver"] == "nord"


def test_an_hour_of_silence_is_not_told_path_by_path() -> None:
    silent = replace(CASE, state=NoticeState.PENDING, paths=CASE.paths[:1])
    told = [tries for tries in range(1, 121) if lines_of(replace(silent, tries=tries), said_to_wait=False)]
    assert told == [1, 2, 3, *range(10, 121, 10)]
    assert len(lines_of(replace(silent, state=NoticeState.FAILED, tries=119), said_to_wait=False)) == 2
