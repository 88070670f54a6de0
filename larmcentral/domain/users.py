"""Users of the screens, their log-in and its limits. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from escalation.ids import CommitteeId, OrganisationId, PersonId, UserId
from larmcentral.domain.roles import Role, Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """One user as the register keeps him, without his password. login: lower case. disabled_at: None while he may."""

    organisation_id: OrganisationId
    id: UserId
    login: str
    name: str
    role: Role
    person_id: PersonId | None
    language: str
    committees: frozenset[CommitteeId]
    disabled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who somebody is if he knows the password behind this hash."""

    viewer: Viewer
    password_hash: str


@dataclass(frozen=True, slots=True)
class PinHashes:
    """What a worker's PIN is checked against; both None until he has chosen. duress: looks the same and calls help."""

    normal: str | None
    duress: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPlan:
    """How long a session lasts. idle: without a request; longest: at all; per_user: how many at a time.

    phone_*: the same for the phone app, counted apart. It lasts for weeks: a phone that asks for a password in a
    stairwell saves nobody. It ends with the account, with its password, and by hand.
    """

    idle: timedelta = timedelta(hours=12)
    longest: timedelta = timedelta(hours=24)
    per_user: int = 20
    phone_idle: timedelta = timedelta(days=60)
    phone_longest: timedelta = timedelta(days=180)
    phone_per_user: int = 5

    def lasts(self, *, phone: bool) -> timedelta:
        """Return how long a session lasts at most."""
        return self.phone_longest if phone else self.longest

    def at_a_time(self, *, phone: bool) -> int:
        """Return how many of a kind a user may have."""
        return self.phone_per_user if phone else self.per_user


LONG_ON_PHONE: Final = frozenset({Role.WORKER, Role.RESPONDER})
"""They carry it with them. Whoever sees a whole committee logs in every day, on a telephone too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptLimit:
    """How many tries are free, and how the pause grows behind them: doubling from first to longest.

    memory: after so long without a try the count begins anew.
    """

    free: int
    first: timedelta
    longest: timedelta
    memory: timedelta


KEY_LIMIT: Final = 300
"""Characters of what a log-in is counted under."""

# A login's longest pause is short: whoever knows an operator's login must not be able to lock him out of a browser in
# which he never was. Guesses at one login: 11 in the first minute, then one a minute, from however many addresses.
LOGIN_LIMIT: Final = AttemptLimit(
    free=5, first=timedelta(seconds=1), longest=timedelta(seconds=60), memory=timedelta(minutes=15)
)
# A whole town hall may stand behind one address.
ADDRESS_LIMIT: Final = AttemptLimit(
    free=30, first=timedelta(seconds=1), longest=timedelta(minutes=5), memory=timedelta(minutes=15)
)


@dataclass(frozen=True, slots=True)
class Tries:
    """What is known of one login or address."""

    failures: int
    last_at: datetime
    blocked_until: datetime | None = None

    def wait(self, now: datetime) -> timedelta:
        """Return how long this key must wait, zero if it may try."""
        return timedelta() if self.blocked_until is None else max(self.blocked_until - now, timedelta())

    def counted(self, limit: AttemptLimit, now: datetime) -> Tries:
        """Return the count with one more try at it."""
        failures = 1 if now - self.last_at > limit.memory else self.failures + 1
        over = failures - limit.free
        if over < 0:
            return Tries(failures, now)
        pause = min(limit.first * 2 ** min(over, 30), limit.longest)
        return Tries(failures, now, now + pause)


def keys_of(login: str, address: str, known: str | None = None) -> Mapping[str, AttemptLimit]:
    """Return what a log-in is counted under, in the order in which counts are locked.

    known: the browser's name, where somebody has logged in with this login before: it alone is counted, so that neither
    guesses from elsewhere nor who else is behind its address keep him out.
    """
    if known is not None:
        return {f"login:{login} {known}"[-KEY_LIMIT:]: LOGIN_LIMIT}
    return {f"address:{network_of(address)}"[:KEY_LIMIT]: ADDRESS_LIMIT, f"login:{login}"[:KEY_LIMIT]: LOGIN_LIMIT}


def network_of(address: str) -> str:
    """Return what of an address nobody can choose for himself: of IPv6 the first 64 bits, the rest is his."""
    try:
        said = ipaddress.ip_address(address)
    except ValueError:
        return address
    match said:
        case ipaddress.IPv4Address():
            return str(said)
        case ipaddress.IPv6Address():
            return str(said.ipv4_mapped or ipaddress.IPv6Network((said.packed, 64), strict=False))
