"""Contracted alarm receiving centres: how they are doing, what they are told, and whether somebody has tried it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol
from uuid import UUID, uuid5

from fastapi import APIRouter

from escalation.alarm import AlarmKind
from larmcentral.api import shapes
from larmcentral.api.gate import Asking
from larmcentral.api.problems import Refusal, documented
from larmcentral.api.shapes_forwarders import (
    BeatView,
    ForwarderView,
    InTestDraft,
    PathView,
    RehearsedView,
    RowComplaintView,
    RowDraft,
    RowRehearsal,
    RowSaved,
    RowTestAsked,
    RowView,
    SignatureView,
    SignDraft,
    Silence,
)
from larmcentral.domain.errors import Collision, NotFound
from larmcentral.domain.forwarding import ForwarderOutline, MappingRow, Rehearsed
from larmcentral.domain.forwarding_complaints import RowComplaint, complaints
from larmcentral.domain.forwarding_defaults import PROPOSALS
from larmcentral.domain.forwarding_tests import (
    ForwarderPicture,
    Signature,
    fingerprint,
    signable,
    state_until,
)
from larmcentral.domain.roles import Viewer
from larmcentral.ports import Clock
from larmcentral.ports.forwarders import Beat, ForwarderDesk

READ: Final[dict[int | str, dict[str, Any]]] = documented(401, 403, 404, 422, 503)
WRITTEN: Final[dict[int | str, dict[str, Any]]] = documented(401, 403, 404, 409, 422, 503)
ROW: Final = "/{name}/rows/{kind}/{silence}"

Rehearse = Callable[[str, MappingRow, bool], Sequence[Rehearsed]]
"""What each path of a centre would send of a made-up case by a row; True: of its end. Sends nothing."""


class AsksRowTest(Protocol):
    """Where a row's test is filed; another process sends it."""

    async def ask_receiver_test(self, viewer: Viewer, receiver: str, detail: Mapping[str, str]) -> UUID:
        """Return the id by which one reads what came back."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Centres:
    """What the routes work with. outlines: the centres that the settings name, by name."""

    outlines: Mapping[str, ForwarderOutline]
    desk: ForwarderDesk
    rehearse: Rehearse
    tests: AsksRowTest

    def outline(self, name: str) -> ForwarderOutline:
        """Return one. Raises NotFound."""
        found = self.outlines.get(name)
        if found is None:
            raise NotFound("forwarder")
        return found


def forwarder_routes(centres: Centres, clock: Clock) -> APIRouter:
    """Everything under /api/forwarders. A centre serves the whole organisation, whatever the asker's committees."""
    router = APIRouter(prefix="/api/forwarders", tags=["forwarders"])
    desk = centres.desk

    @router.get("", responses=documented(401, 403, 503))
    async def forwarders(viewer: Asking) -> list[ForwarderView]:
        """Each centre with its paths, their last heartbeats, and whether it has us in its test state."""
        picture, beats = await desk.picture(viewer.scope()), await desk.beats(viewer.scope())
        now = clock.now()
        return [
            _forwarder(one, picture, beats.get(one.name, ()), in_test=picture.in_test(one.name, now))
            for one in centres.outlines.values()
        ]

    @router.post("/{name}/test-state", status_code=204, responses=WRITTEN)
    async def test_state(name: str, body: InTestDraft, viewer: Asking) -> None:
        """Say that it was agreed with the centre to test until then, or that it is over."""
        now = clock.now()
        until = None if body.until is None else state_until(body.until, now)
        await desk.set_test_state(viewer.scope(), centres.outline(name).name, until, by=viewer.user_id, now=now)

    @router.get("/{name}/rows", responses=READ)
    async def rows(name: str, viewer: Asking) -> list[RowView]:
        """What the centre is told for each kind of alarm, open and silent, and who has signed it."""
        outline, picture = centres.outline(name), await desk.picture(viewer.scope())
        return [_row(outline, picture, kind, silent) for kind in AlarmKind for silent in (False, True)]

    @router.put(ROW, responses=WRITTEN)
    async def write(name: str, kind: shapes.Kind, silence: Silence, body: RowDraft, viewer: Asking) -> RowSaved:
        """Let a row hold from now on. While anything is to be said against it: 409 `complaints`; nothing is kept."""
        outline, row = centres.outline(name), _draft(kind, silence, body)
        if found := complaints(row, outline.paths):
            raise Refusal(409, "complaints", fields=_complained(found))
        try:
            version = await desk.save_row(
                viewer.scope(), name, row, version=body.version, by=viewer.user_id, now=clock.now()
            )
        except Collision as collision:
            raise Refusal(409, "changed_meanwhile") from collision
        return RowSaved(version=version)

    @router.delete(ROW, status_code=204, responses=READ)
    async def remove(name: str, kind: shapes.Kind, silence: Silence, viewer: Asking) -> None:
        """Let our proposal hold again."""
        await desk.remove_row(viewer.scope(), centres.outline(name).name, AlarmKind(kind), silence == "silent")

    @router.get(ROW + "/dry-run", responses=READ)
    async def dry_run(
        name: str, kind: shapes.Kind, silence: Silence, viewer: Asking, over: bool = False
    ) -> RowRehearsal:
        """What each path would send of a made-up case, byte for byte. over: of its end. Nothing is sent."""
        outline, picture = centres.outline(name), await desk.picture(viewer.scope())
        row = picture.row(name, AlarmKind(kind), silence == "silent")
        return _rehearsal(outline, row, centres.rehearse(name, row, over))

    @router.post(ROW + "/dry-run", responses=READ)
    async def dry_run_of_draft(
        name: str, kind: shapes.Kind, silence: Silence, body: RowDraft, viewer: Asking, over: bool = False
    ) -> RowRehearsal:
        """The same of a row that nobody has saved yet, with what is to be said against it."""
        outline, row = centres.outline(name), _draft(kind, silence, body)
        return _rehearsal(outline, row, centres.rehearse(name, row, over))

    @router.post(ROW + "/test", status_code=201, responses=documented(401, 403, 404, 409, 422, 429, 503))
    async def test(name: str, kind: shapes.Kind, silence: Silence, viewer: Asking) -> RowTestAsked:
        """Send the row to the centre, marked as a test; only while the centre has us in its test state."""
        outline, picture = centres.outline(name), await desk.picture(viewer.scope())
        if not picture.in_test(outline.name, clock.now()):
            raise Refusal(409, "not_in_test_state")
        row = picture.row(name, AlarmKind(kind), silence == "silent")
        detail = {"kind": row.kind.value, "silent": str(row.silent).lower(), "fingerprint": fingerprint(row)}
        return RowTestAsked(message_id=await centres.tests.ask_receiver_test(viewer, name, detail))

    @router.post(ROW + "/sign", status_code=204, responses=WRITTEN)
    async def sign(name: str, kind: shapes.Kind, silence: Silence, body: SignDraft, viewer: Asking) -> None:
        """Answer for a row, once a test of it as it is now was taken by the centre, within 24 hours."""
        outline, picture, now = centres.outline(name), await desk.picture(viewer.scope()), clock.now()
        row = picture.row(outline.name, AlarmKind(kind), silence == "silent")
        test = await desk.row_test(viewer.scope(), body.test_id)
        if test is None:
            raise NotFound("test")
        path = signable(test, row, name, now)
        assert test.settled_at is not None, "a test that was taken has a time"
        signature = Signature(
            id=uuid5(test.id, str(viewer.user_id)),
            receiver=name,
            kind=row.kind,
            silent=row.silent,
            fingerprint=test.fingerprint,
            test_id=test.id,
            tested_at=test.settled_at,
            path=path,
            signed_at=now,
            signed_by=viewer.user_id,
            note=body.note,
        )
        await desk.sign(viewer.scope(), signature)

    return router


def _forwarder(
    outline: ForwarderOutline, picture: ForwarderPicture, beats: Sequence[Beat], *, in_test: bool
) -> ForwarderView:
    state = picture.states.get(outline.name)
    heard = {beat.path: beat for beat in beats}
    signed = [picture.signed(outline.name, kind, silent) is not None for kind in AlarmKind for silent in (False, True)]
    return ForwarderView(
        name=outline.name,
        label=outline.label,
        telephone=outline.telephone,
        in_test=in_test,
        test_until=state.until if state is not None and in_test else None,
        test_changed_at=None if state is None else state.changed_at,
        test_changed_by=None if state is None else state.changed_by,
        unsigned=signed.count(False),
        paths=[
            PathView(
                name=path.name,
                speaks=path.speech.value,
                character_set=path.character_set,
                beat=_beat(heard[path.name]) if path.name in heard else None,
            )
            for path in outline.paths
        ],
    )


def _beat(beat: Beat) -> BeatView:
    return BeatView(
        path=beat.path,
        every_s=beat.every.total_seconds(),
        tried_at=beat.tried_at,
        heard_at=beat.heard_at,
        missed=beat.missed,
        words=beat.words,
    )


def _row(outline: ForwarderOutline, picture: ForwarderPicture, kind: AlarmKind, silent: bool) -> RowView:
    row, agreed = picture.row(outline.name, kind, silent), picture.rows.get((outline.name, kind, silent))
    signature = picture.signed(outline.name, kind, silent)
    texts = {name: getattr(row, name) for name in RowDraft.model_fields if name != "version"}
    return RowView(
        kind=kind.value,
        silent=silent,
        version=0 if agreed is None else agreed.version,
        **texts,
        why=PROPOSALS[kind].why,
        made_at=None if agreed is None else agreed.made_at,
        made_by=None if agreed is None else agreed.made_by,
        signed=None if signature is None else _signature(signature),
        complaints=list(map(_complaint, complaints(row, outline.paths))),
    )


def _signature(signature: Signature) -> SignatureView:
    return SignatureView(
        signed_at=signature.signed_at,
        signed_by=signature.signed_by,
        tested_at=signature.tested_at,
        path=signature.path,
        note=signature.note,
    )


def _draft(kind: str, silence: Silence, body: RowDraft) -> MappingRow:
    texts = body.model_dump(exclude={"version"})
    return MappingRow(kind=AlarmKind(kind), silent=silence == "silent", **texts)


def _rehearsal(outline: ForwarderOutline, row: MappingRow, rehearsed: Sequence[Rehearsed]) -> RowRehearsal:
    return RowRehearsal(
        complaints=list(map(_complaint, complaints(row, outline.paths))),
        paths=[RehearsedView(path=one.path, text=one.text, notes=list(one.notes)) for one in rehearsed],
    )


def _complaint(one: RowComplaint) -> RowComplaintView:
    return RowComplaintView(fault=one.fault.value, field=one.field, path=one.path, fields=dict(one.fields))


def _complained(found: Sequence[RowComplaint]) -> dict[str, str]:
    """Return complaints as the fields of a refusal: which field has what fault, and where."""
    told = {}
    for number, one in enumerate(found):
        pairs = (("field", one.field), *((("path", one.path),) if one.path else ()), *one.fields)
        told[f"{number}.{one.fault.value}"] = " ".join(f"{key}={value}" for key, value in pairs)
    return told
