"""Contracted alarm receiving centres, as the API says them: paths, heartbeats, test state, mapping rows."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import StringConstraints

from larmcentral.api.shapes import Kind, Moment, Shape

Silence = Literal["open", "silent"]
Code = Annotated[str, StringConstraints(strip_whitespace=True, max_length=25)]
Digits = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5)]
OneLine = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Lines = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]


class BeatView(Shape):
    """The last sign of life on a path, or the last look. missed: in a row, 0 while it answers."""

    path: str
    every_s: float
    tried_at: datetime
    heard_at: datetime | None
    missed: int
    words: str


class PathView(Shape):
    """A path in the order of trying. speaks: sos_access, dc09_sia, dc09_cid or number."""

    name: str
    speaks: str
    character_set: str
    beat: BeatView | None


class ForwarderView(Shape):
    """One row of GET /api/forwarders. in_test: the centre does nothing about what we send until test_until.

    unsigned: rows that nobody has tried with the centre as they are now.
    """

    name: str
    label: str
    telephone: str
    in_test: bool
    test_until: datetime | None
    test_changed_at: datetime | None
    test_changed_by: UUID | None
    unsigned: int
    paths: list[PathView]


class SignatureView(Shape):
    """Who has seen with the centre that a row arrives as agreed."""

    signed_at: datetime
    signed_by: UUID
    tested_at: datetime
    path: str
    note: str


class RowComplaintView(Shape):
    """What is to be said against a row: in which field, for which path (null: all), with what belongs to it."""

    fault: str
    field: str
    path: str | None
    fields: dict[str, str]


class RowView(Shape):
    """One row of GET /api/forwarders/{name}/rows. version: 0 is our proposal. why: why we propose these codes."""

    kind: Kind
    silent: bool
    version: int
    event_code: str
    sia: str
    cid: str
    area: str
    section: str
    detector: str
    section_text: str
    detector_text: str
    text: str
    why: str
    made_at: datetime | None
    made_by: UUID | None
    signed: SignatureView | None
    complaints: list[RowComplaintView]


class RowDraft(Shape):
    """PUT /api/forwarders/{name}/rows/{kind}/{silence}. version: of the row it was made from, 0 for our proposal."""

    version: int = 0
    event_code: Code
    sia: Code
    cid: Code
    area: Digits = ""
    section: Digits = ""
    detector: Digits = ""
    section_text: OneLine = ""
    detector_text: OneLine = ""
    text: Lines = ""


class RowSaved(Shape):
    """The version that holds from now on."""

    version: int


class RehearsedView(Shape):
    """What a path would send of a made-up case; passwords masked. notes: what had to be cut or written otherwise."""

    path: str
    text: str
    notes: list[str]


class RowRehearsal(Shape):
    """What a row would say, and what is to be said against it."""

    complaints: list[RowComplaintView]
    paths: list[RehearsedView]


class InTestDraft(Shape):
    """POST /api/forwarders/{name}/test-state. until: at most four hours ahead; null ends it."""

    until: Moment | None


class RowTestAsked(Shape):
    """A test is on its way; GET /api/service-messages/{message_id} says what came back."""

    message_id: UUID


class SignDraft(Shape):
    """POST /api/forwarders/{name}/rows/{kind}/{silence}/sign. test_id: of the test that the centre took."""

    test_id: UUID
    note: Note = ""
