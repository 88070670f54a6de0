"""Cases for centres, paths that do as they are told, and a receiver for bad days."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from escalation.alarm import AlarmKind
from escalation.effects import About
from escalation.ids import CommitteeId, IncidentId, NoticeId, OrganisationId
from escalation.purpose import Purpose
from larmcentral.channels.receiver_dc09 import Dc09Path, Dc09Settings
from larmcentral.channels.receiver_path import PathAnswer, PathResult
from larmcentral.clock import SystemClock
from larmcentral.domain.forwarding import Handover, MappingRow, Rehearsed
from larmcentral.domain.forwarding_defaults import default_row
from larmcentral.domain.notice import Case, Forward, Probe
from protocols.dc09.codec import open_envelope, parse, serialise
from protocols.dc09.framing import Frame, Framer, frame
from protocols.dc09.messages import SIA_DCS, Message, ack_of
from tests.fakes.bad_server import Answer
from tests.larmcentral.channels.support import OPENED_AT, some_id, text

KEY = b"0123456789ABCDEF"


def case(**changes: Any) -> Case:
    known: dict[str, Any] = {
        "number": "7KQ2-M9XD",
        "person": "Åsa Öberg",
        "phone": "+46701740601",
        "unit": "Hemtjänst Nord",
        "place": "Storgatan 5",
        "address": "Storgatan 5, Älvmården",
        "lat": 59.3293,
        "lon": 18.0686,
        "accuracy_m": 8.0,
        "fix_at": OPENED_AT,
    }
    return Case(**known | changes)


def forward(
    incident: str = "incident",
    *,
    receiver: str = "nord",
    about: About = About.ALARM,
    kind: AlarmKind | None = AlarmKind.PANIC,
    silent: bool = False,
    attempt: int = 1,
    **known: Any,
) -> Forward:
    return Forward(
        id=NoticeId(some_id(f"{incident} {about} {attempt}")),
        organisation_id=OrganisationId(some_id("organisation")),
        committee_id=CommitteeId(some_id("committee")),
        incident_id=IncidentId(some_id(incident)),
        purpose=Purpose.REAL,
        receiver=receiver,
        attempt=attempt,
        tries=0,
        filed_at=OPENED_AT + timedelta(minutes=5),
        text=text(about=about, kind=kind, silent=silent),
        case=case(**known),
    )


def handover(row: MappingRow | None = None, **changes: Any) -> Handover:
    told: dict[str, Any] = {
        "reference": "7KQ2-M9XD-0011223344556677",
        "number": "7KQ2-M9XD",
        "row": row or MappingRow(**PLAIN),
        "restore": False,
        "test": False,
        "occurred_at": OPENED_AT,
        "lat": 59.3293,
        "lon": 18.0686,
    }
    return Handover(**told | changes)


PLAIN: dict[str, Any] = {
    "kind": AlarmKind.PANIC,
    "silent": False,
    "event_code": "PA",
    "sia": "PA",
    "cid": "120",
    "section": "1",
    "detector": "7",
    "section_text": "Storgatan 5",
    "detector_text": "Åsa Öberg",
    "text": "Överfallslarm kl. 14:02\nTel 0701740601",
}


def dc09(port: int, **changes: Any) -> Dc09Path:
    settings: dict[str, Any] = {
        "name": "primary",
        "host": "127.0.0.1",
        "port": port,
        "account": "1234",
        "deadline": timedelta(seconds=1.5),
    }
    return Dc09Path(Dc09Settings(**settings | changes), SystemClock(), random.Random(7).randbytes)


def acking(key: bytes | None = None) -> Answer:
    """The ACK of the newest whole frame on the connection; None before there is one."""

    def answer(heard: bytes) -> bytes | None:
        whole = [item for item in Framer().feed(heard) if isinstance(item, Frame)]
        if not whole:
            return None
        message = parse(open_envelope(whole[-1].text), key)
        return frame(serialise(ack_of(message, SystemClock().now()), key, random.Random(1).randbytes))

    return answer


def acking_blindly(key: bytes) -> Answer:
    """The ACK of somebody who could not open the frame, sealed with a key of his own."""

    def answer(heard: bytes) -> bytes | None:
        whole = [item for item in Framer().feed(heard) if isinstance(item, Frame)]
        if not whole:
            return None
        message = Message(name=SIA_DCS, header=open_envelope(whole[-1].text).header, encrypted=True)
        return frame(serialise(ack_of(message, SystemClock().now()), key, random.Random(1).randbytes))

    return answer


@dataclass
class ToldPath:
    """A path that answers as it is told. heard: what it was handed. answers: taken from the front; the last stays."""

    name: str
    answers: list[PathAnswer] = field(default_factory=lambda: [PathAnswer(PathResult.TOOK, "ACK")])
    beat_every: timedelta | None = None
    alive: bool = True
    heard: list[Handover] = field(default_factory=list)
    beats: int = 0
    started: bool = False

    async def hand_over(self, told: Handover) -> PathAnswer:
        self.heard.append(told)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    async def heartbeat(self) -> PathAnswer:
        self.beats += 1
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    async def probe(self) -> Probe:
        return Probe(self.alive, "" if self.alive else "nobody listens there")

    def rehearse(self, told: Handover) -> Rehearsed:
        return Rehearsed(self.name, told.row.text)

    async def start(self) -> None:
        self.started = True

    async def stop(self) -> None:
        self.started = False


@dataclass
class ToldBook:
    """What was agreed, as the test says."""

    rows: dict[tuple[AlarmKind, bool], MappingRow] = field(default_factory=dict)
    testing: bool = False

    def row(self, receiver: str, kind: AlarmKind, silent: bool) -> MappingRow:
        return self.rows.get((kind, silent)) or default_row(kind, silent)

    def in_test(self, receiver: str) -> bool:
        return self.testing


TOOK = PathAnswer(PathResult.TOOK, "ACK")
SILENT = PathAnswer(PathResult.UNREACHED, "no answer in time")
UNFIT = PathAnswer(PathResult.UNFIT, "DUH")
UNAUTHORISED = PathAnswer(PathResult.UNAUTHORISED, "status 4")
