"""Rows as subjects: whom or what an alarm or a vigil is about."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from escalation.ids import CommitteeId, OrganisationId, PersonId
from escalation.purpose import Purpose
from larmcentral.domain.record import NewSignal, Subject

APP: Final = "app"
"""The protocol under which a person's phone sends; its account is the person's own id."""
OPTIONS_REMEMBERED: Final = 1024
"""Different sets of options among devices; most have none."""


def app_person(protocol: str, account: str) -> UUID | None:
    """Return the person whose app this account is; None for a device, and for what is no person's id."""
    if protocol != APP:
        return None
    try:
        return UUID(account)
    except ValueError:
        return None


@lru_cache(maxsize=OPTIONS_REMEMBERED)
def options_of(text: str | None) -> Mapping[str, str]:
    """Read a device's options as the database keeps them."""
    return MappingProxyType({} if text is None else json.loads(text))


def stranger(new: NewSignal) -> Subject:
    """Return the subject of a sender whom nobody enrolled, or who cannot prove his name."""
    return Subject(
        organisation_id=new.organisation_id,
        committee_id=new.fallback_committee_id,
        protocol=new.protocol,
        account=new.account,
        label=new.account,
    )


def subject_of_sender(organisation_id: OrganisationId, protocol: str, account: str, row: Any) -> Subject:
    """Return the subject of a row that joins a device, its wearer, or a person by his app."""
    person_id: UUID | None = row["person_id"]
    return Subject(
        organisation_id=organisation_id,
        committee_id=CommitteeId(row["committee_id"] if person_id is None else row["person_committee_id"]),
        protocol=protocol,
        account=account,
        device_id=row["device_id"],
        person_id=None if person_id is None else PersonId(person_id),
        unit_id=row["unit_id"],
        purpose=Purpose(row["purpose"]),
        label=row["person_name"] or row["device_label"],
        language=row["language"] or "sv",
        device_options=options_of(row["options"]),
    )


def subject_of_device(row: Any) -> Subject:
    """Return a device of the register and whoever wears it as a subject."""
    return subject_of_sender(OrganisationId(row["organisation_id"]), row["protocol"], row["account"], row)


def subject_of_row(row: Any, *, covert: bool, technical: bool) -> Subject:
    """Return the subject of a stored incident or vigil, with the names that stand now."""
    return Subject(
        organisation_id=OrganisationId(row["organisation_id"]),
        committee_id=CommitteeId(row["committee_id"]),
        protocol=row["protocol"],
        account=row["account"],
        device_id=row["device_id"],
        person_id=row["person_id"],
        unit_id=row["unit_id"],
        purpose=Purpose(row["purpose"]),
        label=row["label"],
        language=row["language"],
        covert=covert,
        technical=technical,
        device_options=options_of(row["options"]),
    )
