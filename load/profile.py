"""A load profile: what is offered, for how long, on which processes, and against which targets."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final, Protocol

from load.console.plan import ConsolePlan
from load.families import complaints_of
from load.flat.plan import FlatPlan
from load.ramp.plan import RampPlan
from load.reconnect.plan import ReconnectPlan
from load.soak.plan import SoakPlan
from load.storm.plan import StormPlan

PROFILES: Final = Path(__file__).with_name("profiles")
NOTICES_PER_ALARM: Final = 3
"""The first step tells a team of three, two by APNs and one by FCM."""
ROLES: Final = frozenset({"all", "receiver", "escalation", "web"})
TWICE_MARGIN_S: Final = 5.0
"""Time for the stand-downs themselves: a second press on an open incident would join it and tell nobody."""
WARM_UP: Final = 10
"""Persons told before each round of ways out, so that connections stand and tokens are fetched."""
ROUNDS_A_TURN: Final = 10
"""With each of the five channels silent, and before each with none."""
FEWEST_FAIL_OVERS: Final = 4
"""A quarter meets the silence before anybody knows of it, the rest comes after."""


class ProfileError(ValueError):
    """The profile cannot be run; one sentence for each reason."""


class Plan(Protocol):
    """What a kind of run has in its own table of the profile, as a frozen dataclass."""

    def complaints(self, profile: Profile) -> list[str]:
        """Say in words why it cannot be run; empty if it can."""
        ...


PLANS: Final[Mapping[str, type[Plan]]] = {
    "console": ConsolePlan,
    "flat": FlatPlan,
    "ramp": RampPlan,
    "reconnect": ReconnectPlan,
    "soak": SoakPlan,
    "storm": StormPlan,
}
"""By the name of the table; who runs each stands in load/kinds.py."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """What the times are held against, in milliseconds from the intended press to a notice received.

    With centres p99_ms counts from the incident's step to the centre's answer. fail_over_ms: from the first try at the
    silent primary to the secondary's answer. fault_ms: from the step to the fault on the desk, where nobody answers.
    """

    p99_ms: float = 250.0
    p999_ms: float | None = None
    worst_ms: float = 1000.0
    fail_over_ms: float = 6_000.0
    fault_ms: float = 11_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One load profile.

    keepalive_s: a watch's own; it says a position every tenth time. teams: each of three, with a chain of its own.
    families: which devices, as (family, parts of the whole); the table [families]. receivers: processes of the role
    receiver, for none may hold more connections than the machine allows it files; each has its part of the fleet.
    watched_over_s: how long the first press waits until supervision has taken up every device; 0 is not at all.
    warm_up_s: offered like the rest, and counted apart. roles: one process each. generators: processes that press;
    each calls one receiver.
    consoles: operators' screens with the live feed open. stand_down_after_s: an operator stands every incident down
    over the API when it is so old; 0 leaves all open. flood: presses offered at flood_per_s after the run, for the
    rate at saturation; 0 leaves it out. ceiling_s: how long the bare client writes for each figure.
    timers: nobody presses; each watch's wearer has an open incident whose next step is armed, and alarms_per_s of
    them fall due (load/timers.py).
    centres: the first step hands each case to two alarm receiving centres and tells no team; after the run fail_over
    cases meet silent primaries, and then silent cases centres that do not answer at all (load/handover.py).
    path_deadline_s: how long one receiver of a centre is waited for; 5 s is what the server does by itself.
    ways: nobody presses; so many rounds over, each of told persons is told by five channels at once, with each of them
    silent in turn, and before that with none (load/ways.py). Every incident needs a wearer of its own.
    plan: the table of a kind of its own, if the profile has one; see PLANS.
    """

    name: str
    words: str
    devices: int
    alarms_per_s: float
    run_s: float
    ramp_s: float = 10.0
    keepalive_s: float = 60.0
    families: tuple[tuple[str, int], ...] = (("watch", 1),)
    teams: int = 1
    watched_over_s: float = 120.0
    warm_up_s: float = 10.0
    roles: tuple[str, ...] = ("receiver", "escalation", "web")
    receivers: int = 1
    generators: int = 1
    consoles: int = 1
    stand_down_after_s: float = 10.0
    flood: int = 0
    flood_per_s: float = 1000.0
    ceiling_s: float = 5.0
    timers: bool = False
    centres: bool = False
    fail_over: int = 0
    silent: int = 0
    path_deadline_s: float = 5.0
    ways: bool = False
    told: int = 200
    rounds: int = 6
    targets: Targets = field(default_factory=Targets)
    plan: Plan | None = None

    @property
    def servers(self) -> tuple[str, ...]:
        """The names of the server's processes: a role's own, or numbered from 1 where several have it."""
        if self.receivers == 1:
            return self.roles
        several = tuple(f"receiver {number}" for number in range(1, self.receivers + 1))
        return tuple(name for role in self.roles for name in (several if role == "receiver" else (role,)))

    @property
    def warm_up_presses(self) -> int:
        """Presses before the figures count."""
        return round(self.warm_up_s * self.alarms_per_s)

    @property
    def run_presses(self) -> int:
        """Presses that the figures are of."""
        return round(self.run_s * self.alarms_per_s)

    def complaints(self) -> list[str]:
        """Say in words why it cannot be run; empty if it can."""
        said = []
        if min(self.devices, self.teams, self.generators) < 1 or self.alarms_per_s <= 0 or self.run_presses < 1:
            said.append("devices, teams, generators, alarms_per_s and run_s must give at least one press")
        if self.devices < self.generators:
            said.append("a generator needs a device at least")
        if self.roles != ("all",) and set(self.roles) != {"receiver", "escalation", "web"}:
            said.append('roles must be ["all"] or receiver, escalation and web')
        if self.receivers < 1 or (self.receivers > 1 and "receiver" not in self.roles):
            said.append("receivers is 1, or more where receiver is a role of its own")
        elif self.generators % self.receivers:
            said.append("generators must divide evenly among the receivers")
        said += complaints_of(self.families)
        if self.flood > self.devices:
            said.append("the flood needs a watch for each press")
        if (self.timers, self.centres, self.ways).count(True) > 1:
            said.append("deadlines, centres and ways out are measured each in a run of its own")
        if self.plan is not None:
            return said + self.plan.complaints(self)
        if self.ways:
            return said + self._of_ways()
        said += self._overdue() if self.timers else self._of_centres() if self.centres else self._twice()
        return said

    def _of_ways(self) -> list[str]:
        if min(self.told, self.rounds) < 1:
            return ["told and rounds are 1 or more"]
        needed = (self.told + WARM_UP) * self.rounds * ROUNDS_A_TURN
        return [] if needed <= self.devices else [f"each incident needs a wearer of its own: {needed} devices"]

    def _of_centres(self) -> list[str]:
        said = []
        if self.warm_up_presses + self.run_presses + self.fail_over + self.silent > self.devices:
            said.append("each case needs a watch of its own: more devices, or fewer presses, fail_over or silent")
        if self.fail_over < FEWEST_FAIL_OVERS or self.silent < 1:
            said.append(f"fail_over must be {FEWEST_FAIL_OVERS} or more, silent 1 or more")
        if self.stand_down_after_s or self.flood or self.roles != ("all",):
            said.append('with centres nothing is stood down, no flood comes, and roles are ["all"]')
        return said

    def _overdue(self) -> list[str]:
        due = self.warm_up_presses + self.run_presses
        return [] if due <= self.devices else [f"{due} deadlines are to fall due, and only {self.devices} are armed"]

    def _twice(self) -> list[str]:
        presses = self.warm_up_presses + self.run_presses
        if not self.stand_down_after_s:
            enough = presses + self.flood <= self.devices
            return (
                [] if enough else ["nothing is stood down, so no watch may press twice: more devices or fewer presses"]
            )
        between_s = self.devices / self.alarms_per_s
        if presses > self.devices and between_s < self.stand_down_after_s + TWICE_MARGIN_S:
            return [f"a watch presses every {between_s:.0f} s, before its last incident is surely stood down"]
        return []


def load_profile(named: str, generators: int | None = None) -> Profile:
    """Read a profile by its name, or from a file. generators: instead of the profile's own. Raises ProfileError."""
    path = Path(named) if named.endswith(".toml") else PROFILES / f"{named}.toml"
    try:
        with path.open("rb") as file:
            said: dict[str, Any] = tomllib.load(file)
    except FileNotFoundError:
        known = ", ".join(sorted(each.stem for each in PROFILES.glob("*.toml")))
        raise ProfileError(f"no profile {named!r}; there are {known}") from None
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"{path}: is not TOML: {error}") from None
    if generators is not None:
        said["generators"] = generators
    targets = said.pop("targets", {})
    mixed = said.pop("families", {"watch": 1})
    tables = {name: said.pop(name) for name in PLANS.keys() & said.keys()}
    if len(tables) > 1:
        raise ProfileError(f"{path}: one kind at a time, and not {', '.join(sorted(tables))}")
    _refuse_strangers(path, said, {each.name for each in fields(Profile)} - {"name", "targets", "plan", "families"})
    _refuse_strangers(path, targets, {each.name for each in fields(Targets)})
    try:
        profile = Profile(
            name=path.stem,
            **(said | {"roles": tuple(said.get("roles", ("all",)))}),
            families=tuple(mixed.items()),
            targets=Targets(**targets),
            plan=next((_plan(path, name, table) for name, table in tables.items()), None),
        )
    except TypeError as error:
        raise ProfileError(f"{path}: {error}") from None
    if complaints := profile.complaints():
        raise ProfileError("\n".join(f"{path}: {each}" for each in complaints))
    return profile


def _plan(path: Path, name: str, table: dict[str, Any]) -> Plan:
    made = PLANS[name]
    _refuse_strangers(path, table, set(getattr(made, "__dataclass_fields__", ())))
    return made(**{key: tuple(value) if isinstance(value, list) else value for key, value in table.items()})


def _refuse_strangers(path: Path, said: dict[str, Any], known: set[str]) -> None:
    if strangers := set(said) - known:
        raise ProfileError(f"{path}: nobody knows {', '.join(sorted(strangers))}")
