"""Rows for tests that need a town in the database and no flows: plain SQL, sensible defaults, no rules.

Whoever tests flows uses tests/world.py and the real register.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Final
from uuid import UUID

import asyncpg

from larmcentral.domain.ids import uuid7
from larmcentral.domain.timeline import FIRST_HASH, line_hash

NOON: Final = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SYSTEM: Final = {"kind": "system"}
DESK: Final = {"desk": True}


def operator_pairs(user_id: UUID, person_id: UUID | None = None) -> dict[str, str]:
    pairs = {"kind": "operator", "user_id": str(user_id)}
    return pairs if person_id is None else pairs | {"person_id": str(person_id)}


def responder_pairs(person_id: UUID) -> dict[str, str]:
    return {"kind": "responder", "person_id": str(person_id)}


def step(*targets: Mapping[str, Any], wait_s: int = 60) -> dict[str, Any]:
    return {"targets": list(targets), "media": ["push"], "wait_s": wait_s}


class Town:
    """One organisation, filled row by row. Every method returns the id of what it made."""

    def __init__(self, connection: asyncpg.Connection, number: int = 1) -> None:
        self.connection = connection
        self._numbers = count(number * 1_000_000)
        self.organisation = self.new_id()
        self._ends: dict[UUID, tuple[int, bytes]] = {}
        self.committee_of: dict[UUID, UUID] = {}

    @classmethod
    async def found(cls, dsn: str, number: int = 1) -> Town:
        """Found a town on a connection of its own; `close` it."""
        town = cls(await asyncpg.connect(dsn, server_settings={"synchronous_commit": "off"}), number)
        await town.insert("organisations", id=town.organisation, name=f"Älvmården {number}")
        return town

    async def close(self) -> None:
        await self.connection.close()

    def new_id(self, at: datetime = NOON) -> UUID:
        return uuid7(at, next(self._numbers).to_bytes(10, "big"))

    async def insert(self, table: str, **values: Any) -> None:
        names, places = ", ".join(values), ", ".join(f"${place}" for place in range(1, len(values) + 1))
        await self.connection.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", *values.values())

    async def _row(self, table: str, committee: UUID, **values: Any) -> UUID:
        new = self.new_id()
        await self.insert(table, organisation_id=self.organisation, committee_id=committee, id=new, **values)
        self.committee_of[new] = committee
        return new

    async def committee(self, name: str) -> UUID:
        new = self.new_id()
        await self.insert("committees", organisation_id=self.organisation, id=new, name=name)
        return new

    async def unit(self, committee: UUID, name: str = "Nord") -> UUID:
        sector = await self._row("sectors", committee, name="Hemtjänst")
        return await self._row("units", committee, sector_id=sector, name=name)

    async def team(self, committee: UUID, name: str, *members: UUID, unit: UUID | None = None) -> UUID:
        team = await self._row("teams", committee, unit_id=unit or await self.unit(committee), name=name)
        for member in members:
            await self.insert(
                "team_members",
                organisation_id=self.organisation,
                committee_id=committee,
                team_id=team,
                person_id=member,
            )
        return team

    async def person(self, committee: UUID, name: str, **values: Any) -> UUID:
        return await self._row("persons", committee, name=name, **values)

    async def user(
        self,
        login: str,
        role: str,
        *committees: UUID,
        person: UUID | None = None,
        password_hash: str = "no password",
        name: str | None = None,
    ) -> UUID:
        user = self.new_id()
        await self.insert(
            "users",
            organisation_id=self.organisation,
            id=user,
            login=login,
            name=name or login.title(),
            password_hash=password_hash,
            role=role,
            person_id=person,
        )
        for committee in committees:
            await self.insert(
                "user_committees", organisation_id=self.organisation, committee_id=committee, user_id=user
            )
        return user

    async def device(
        self, committee: UUID, account: str, *, worn_by: UUID | None = None, seen_at: datetime | None = None
    ) -> UUID:
        device = await self._row(
            "devices", committee, protocol="watch", account=account, label=f"Klocka {account}", changed_at=NOON
        )
        common = {"organisation_id": self.organisation, "committee_id": committee, "device_id": device}
        if worn_by is not None:
            await self.insert("device_assignments", **common, person_id=worn_by, from_at=NOON - timedelta(days=1))
        if seen_at is not None:
            await self.insert("device_states", **common, last_seen_at=seen_at, battery_pct=71, receiver="watch")
        return device

    async def incident(
        self,
        committee: UUID,
        *,
        person: UUID | None = None,
        device: UUID | None = None,
        opened_at: datetime = NOON,
        state: str = "open",
        responders: Mapping[UUID, str] | None = None,
        steps: Sequence[Mapping[str, Any]] = (),
        due_in_s: float | None = 60.0,
        **values: Any,
    ) -> UUID:
        """An incident with its first line. due_in_s: of its next deadline, None for none."""
        incident = self.new_id(opened_at)
        self.committee_of[incident] = committee
        kept: dict[str, Any] = {
            "subject": f"person:{person}" if person else f"device:{device}" if device else f"unknown:watch/{incident}",
            "person_id": person,
            "device_id": device,
            "protocol": "watch",
            "account": "8660000001",
            "purpose": "real",
            "kind": "panic",
            "gravity": 1,
            "silent": False,
            "state": state,
            "opened_at": opened_at,
            "version": 1,
            "round": 1,
            "next_step": 1,
            "fence": 1,
            "core": "{}",
            "chain": json.dumps({"name": "Natt", "steps": list(steps) or [step(DESK)]}),
            "acknowledged_at": opened_at if state == "acknowledged" else None,
            "stood_down_at": opened_at if state == "stood_down" else None,
            "outcome": "other" if state == "stood_down" else None,
            "entries": 1,
            "last_hash": FIRST_HASH,
        }
        await self.insert(
            "incidents", organisation_id=self.organisation, committee_id=committee, id=incident, **(kept | values)
        )
        common = {"organisation_id": self.organisation, "committee_id": committee, "incident_id": incident}
        for number, (told, how) in enumerate((responders or {}).items()):
            since = opened_at + timedelta(seconds=number)
            await self.insert("responders", **common, person_id=told, state=how, since=since, step=0)
        if due_in_s is not None and state != "stood_down":
            what = "lapse" if state == "acknowledged" else "next_step"
            due_at = opened_at + timedelta(seconds=due_in_s)
            await self.insert("deadlines", **common, what=what, due_at=due_at, fence=1)
        await self.line(incident, "opened", at=opened_at)
        return incident

    async def line(
        self,
        incident: UUID,
        kind: str,
        *,
        by: Mapping[str, str] = SYSTEM,
        at: datetime = NOON,
        connection: asyncpg.Connection | None = None,
        **detail: str,
    ) -> int:
        """The next line of an incident's timeline, chained to the last; returns its seq."""
        seq, last_hash = self._ends.get(incident, (0, FIRST_HASH))
        seq, new_hash = seq + 1, line_hash(last_hash, incident, seq + 1, at, kind, dict(by), detail)  # type: ignore[arg-type]  # tests hand plain UUIDs
        await (connection or self.connection).execute(
            "INSERT INTO timeline (organisation_id, committee_id, incident_id, seq, at, kind, actor, detail, hash)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            self.organisation,
            self.committee_of[incident],
            incident,
            seq,
            at,
            kind,
            json.dumps(dict(by)),
            json.dumps(detail),
            new_hash,
        )
        self._ends[incident] = (seq, new_hash)
        return seq

    async def signal(self, incident: UUID | None, committee: UUID, *, at: datetime = NOON, **values: Any) -> UUID:
        signal = self.new_id()
        kept = {"receiver": "watch", "protocol": "watch", "account": "8660000001", "kind": "panic", "code": "AL"}
        await self.insert(
            "signals",
            organisation_id=self.organisation,
            committee_id=committee,
            id=signal,
            received_at=at,
            authentic=True,
            incident_id=incident,
            raw=b"[3G*8660000001*0002*AL]",
            repeat_key=str(signal),
            **(kept | values),
        )
        return signal

    async def notice(self, incident: UUID, person: UUID | None, **values: Any) -> UUID:
        """A notice to a person's phone, or to the consoles."""
        kept: dict[str, Any] = {
            "incident_id": incident,
            "purpose": "real",
            "channel": "console" if person is None else "apns",
            "person_id": person,
            "point_id": None if person is None else self.new_id(),
            "round": 1,
            "step": 0,
            "attempt": 1,
            "state": "sent",
            "filed_at": NOON,
            "due_at": NOON,
            "sent_at": NOON,
        }
        return await self._row("notices", self.committee_of[incident], **(kept | values))

    async def system_alarm(self, committee: UUID, fault: str, *, at: datetime = NOON, **values: Any) -> UUID:
        return await self._row("system_alarms", committee, fault=fault, raised_at=at, **values)

    async def unknown_input(self, committee: UUID, sample: bytes) -> None:
        await self.insert(
            "unknown_input",
            organisation_id=self.organisation,
            committee_id=committee,
            receiver="watch",
            digest=sample,
            reason="no_frame",
            sample=sample,
            first_at=NOON,
            last_at=NOON,
            times=3,
        )

    async def place(self, committee: UUID, name: str, *, owner: UUID) -> UUID:
        """A flagged place with a drawing and no signal."""
        place = await self._row("places", committee, name=name)
        common = {"organisation_id": self.organisation, "committee_id": committee, "place_id": place}
        await self.insert("place_plans", **common, media_type="image/png", body=b"png", filed_at=NOON)
        await self.insert("place_coverage", **common, no_signal_at=NOON)
        await self._row(
            "place_flags",
            committee,
            place_id=place,
            risk=1,
            owner_id=owner,
            ground="hotad",
            set_at=NOON,
            review_on=NOON.date() + timedelta(days=90),
        )
        return place

    async def action_plan(self, committee: UUID, name: str = "Överfall") -> UUID:
        """A plan of one step for every alarm of a committee."""
        plan = await self._row("action_plans", committee, version=1)
        await self.insert(
            "action_plan_versions",
            organisation_id=self.organisation,
            committee_id=committee,
            plan_id=plan,
            version=1,
            name=name,
            steps=json.dumps([{"key": "call", "text": "Ring upp"}]),
            made_at=NOON,
        )
        return plan

    async def dossier(self, committee: UUID, person: UUID, *kin: str, notes: str = "Epilepsi.") -> None:
        """What helpers should know of a person, whom to tell, and his photo."""
        common = {"organisation_id": self.organisation, "committee_id": committee, "person_id": person}
        await self.insert("person_dossiers", **common, notes=notes, changed_at=NOON)
        for rank, name in enumerate(kin, start=1):
            await self.insert("next_of_kin", **common, rank=rank, name=name, relation="syskon", phone="070-1740601")
        await self.insert("person_photos", **common, media_type="image/png", body=b"png", filed_at=NOON)

    async def beacon(self, committee: UUID, place: UUID, beacon: str, label: str = "", *, ord: int = 1) -> None:
        """A radio beacon that hangs at a place; its id without separators."""
        common = {"organisation_id": self.organisation, "committee_id": committee, "place_id": place}
        await self.insert("place_beacons", **common, beacon=beacon, said=beacon, label=label, ord=ord)

    async def vigil(self, committee: UUID, *, person: UUID, kind: str = "session", **values: Any) -> UUID:
        """A vigil about a person, with a line in its log and a spoken memo. place: where, for a bare session."""
        place = values.pop("place", None)
        kept: dict[str, Any] = {
            "subject": f"person:{person}",
            "person_id": person,
            "protocol": "session",
            "account": str(person),
            "purpose": "real",
            "covert": False,
            "technical": False,
            "core": json.dumps({"place_id": None if place is None else str(place)}),
            "due_at": NOON,
            "version": 1,
            "entries": 1,
        }
        vigil = await self._row("vigils", committee, kind=kind, **(kept | values))
        common = {"organisation_id": self.organisation, "committee_id": committee, "vigil_id": vigil}
        await self.insert(
            "vigil_log", **common, seq=1, at=NOON, kind="started", actor=json.dumps(SYSTEM), detail=json.dumps({})
        )
        await self.insert("session_recordings", **common, media_type="audio/ogg", body=b"ogg", at=NOON)
        return vigil

    async def duty(self, committee: UUID, *, person: UUID, place: UUID) -> None:
        """A person on shift at a place, his rota, his unit's manager and plan, and a seat at the desk."""
        common = {"organisation_id": self.organisation, "committee_id": committee}
        unit = await self.unit(committee)
        until = NOON + timedelta(hours=8)
        await self.insert("presences", **common, person_id=person, since=NOON, until_at=until, place_id=place)
        rota = await self._row("rotas", committee, name="Jour", version=1)
        await self.insert("rota_versions", **common, rota_id=rota, version=1, body="{}", made_at=NOON)
        await self.insert("unit_managers", **common, unit_id=unit, person_id=person)
        await self._row("safety_plans", committee, unit_id=unit, body="{}")
        await self.insert("desk_presences", **common, user_id=self.new_id(), name="Karin", since=NOON, seen_at=NOON)

    async def ways(self, committee: UUID, *, person: UUID, by: UUID) -> UUID:
        """A contact point of a person with a proof under way, a test that was asked for, and words of a committee."""
        common = {"organisation_id": self.organisation, "committee_id": committee}
        point = await self._row(
            "contact_points", committee, person_id=person, channel="mail", address="a@exempel.se", rank=0
        )
        expires = NOON + timedelta(minutes=10)
        await self.insert("point_proofs", **common, point_id=point, nonce=bytes(16), asked_at=NOON, expires_at=expires)
        await self._row(
            "service_messages",
            committee,
            kind="test",
            channel="mail",
            point_id=point,
            asked_by=by,
            asked_at=NOON,
            due_at=NOON,
        )
        await self._row(
            "text_templates",
            committee,
            medium="sms",
            silent=False,
            language="sv",
            body="Kom!",
            version=1,
            made_at=NOON,
            made_by=by,
        )
        return point

    async def ledger(self, committee: UUID, *, device: UUID, incident: UUID) -> None:
        """A test alarm and words down to its device."""
        common = {"organisation_id": self.organisation, "committee_id": committee}
        await self.insert(
            "test_alarms",
            **common,
            signal_id=self.new_id(),
            incident_id=incident,
            device_id=device,
            received_at=NOON,
        )
        await self._row(
            "downlinks",
            committee,
            device_id=device,
            protocol="watch",
            account="8660000001",
            kind="taken",
            silent=False,
            language="sv",
            filed_at=NOON,
            expires_at=NOON + timedelta(minutes=10),
        )
        await self.insert(
            "commissioning_sheets",
            **common,
            device_id=device,
            settings='{"in_utc": true}',
            changed_at=NOON,
            changed_by=self.new_id(),
        )
