"""The wearables of Älvmården: one worn by somebody of each family, and a mixed fleet of made-up colleagues."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from escalation.ids import PersonId
from larmcentral.domain.register import Device, Home, Person
from larmcentral.store.register import Register


@dataclass(frozen=True, slots=True)
class Wearable:
    """One family in the play. wearer, account: who has the first one, and the name it gives itself.

    port: where the public servers have it. model: as registered, where meaning depends on it. share: of the fleet.
    fleet_first: the fleet's own devices count on from here.
    """

    protocol: str
    port: int
    wearer: str
    account: str
    label: str
    fleet_first: str
    model: str | None = None
    share: int = 1


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of the alarm industry in the play, on a wall or beside a bed. secret: what it proves itself with."""

    protocol: str
    port: int
    account: str
    label: str
    secret: str
    options: Mapping[str, str] = field(default_factory=dict)


_IMEI: Final = "866000000000017"
_FLEET_IMEI: Final = "866000000001000"

WEARABLES: Final = (
    Wearable("minifinder2", 5187, "Hanna Sundin", _IMEI, "Larmknapp Hanna", _FLEET_IMEI, "EV-07B", share=4),
    Wearable("gt06", 5023, "Ismet Demir", _IMEI, "Larmknapp Ismet", _FLEET_IMEI, "GK310", share=2),
    Wearable("teltonika", 5027, "Jonna Falk", _IMEI, "Larmknapp Jonna", _FLEET_IMEI, "TMT250", share=2),
    Wearable("gl200", 5004, "Kalle Norberg", _IMEI, "Handenhet Kalle", _FLEET_IMEI, "GL300"),
    Wearable("meitrack", 5020, "Linnea Ström", _IMEI, "Handenhet Linnea", _FLEET_IMEI, "MT90"),
    Wearable("minifinder", 5062, "Marko Lahti", _IMEI, "Minifinder Marko", _FLEET_IMEI),
    Wearable("h02", 5013, "Nora Vikström", "8660000017", "Larmknapp Nora", "8660001000"),
    Wearable("eelink", 5064, "Oskar Hedman", _IMEI, "Larmknapp Oskar", _FLEET_IMEI),
    Wearable("topin", 5199, "Petra Lind", _IMEI, "Spårbricka Petra", _FLEET_IMEI),
)
UNITS: Final = (
    Unit("sos_access", 19000, "4711", "Larmsändare Solgården", "granris-tjugo-3", {"ping_level": "1"}),
    Unit("scaip", 5060, "4670000017", "Trygghetstelefon lgh 1203", "granris-tjugotva"),
)
MODELS: Final = {"86600001": "TMT250", "86600002": "FMB003"}
"""By the beginning of the IMEI, as an administrator registers a delivery of devices; made up like everything here."""
WATCH_SHARE: Final = 6
FLEET_WATCH_FIRST: Final = "8660010000"
"""The fleet's watches count on from here."""


@dataclass(frozen=True, slots=True)
class FleetPart:
    """Some of the fleet's devices, of one family. first: the name of the first; they are numbered on from it."""

    protocol: str
    first: str
    count: int

    def accounts(self) -> Iterator[str]:
        """Return their names."""
        for index in range(self.count):
            yield f"{int(self.first) + index:0{len(self.first)}d}"


def fleet_parts(count: int) -> list[FleetPart]:
    """Share out a fleet: watches first, then one of each family in turn until all have their share, and again."""
    turns = [("watch", FLEET_WATCH_FIRST)] * WATCH_SHARE
    for round_ in range(max(one.share for one in WEARABLES)):
        turns += [(one.protocol, one.fleet_first) for one in WEARABLES if one.share > round_]
    counts: dict[tuple[str, str], int] = {}
    for index in range(count):
        whose = turns[index % len(turns)]
        counts[whose] = counts.get(whose, 0) + 1
    return [FleetPart(protocol, first, number) for (protocol, first), number in counts.items()]


async def hand_out(
    register: Register, home: Home, unit_id: UUID, an_id: Callable[[str], UUID], now: datetime, *, fleet: int
) -> None:
    """Enter the wearers and their devices; repeatable. fleet: how many further devices, each on a person of its own."""
    for one in WEARABLES:
        person = Person(id=PersonId(an_id(one.wearer)), name=one.wearer, unit_id=unit_id)
        await register.person(home, person)
        await register.device(
            home,
            Device(
                id=an_id(f"{one.protocol} {one.account}"),
                protocol=one.protocol,
                account=one.account,
                label=one.label,
                model=one.model,
                worn_by=person.id,
            ),
            now,
        )
    for unit in UNITS:
        await register.device(
            home,
            Device(
                id=an_id(f"{unit.protocol} {unit.account}"),
                protocol=unit.protocol,
                account=unit.account,
                label=unit.label,
                secret=unit.secret.encode("ascii"),
                options=dict(unit.options),
            ),
            now,
        )
    number = 0
    for part in fleet_parts(fleet):
        model = next((one.model for one in WEARABLES if one.protocol == part.protocol), None)
        for account in part.accounts():
            number += 1
            await _enter_member(register, home, unit_id, an_id, now, number, part.protocol, account, model)


async def _enter_member(
    register: Register,
    home: Home,
    unit_id: UUID,
    an_id: Callable[[str], UUID],
    now: datetime,
    number: int,
    protocol: str,
    account: str,
    model: str | None,
) -> None:
    person = Person(id=PersonId(an_id(f"fleet person {number}")), name=f"Medarbetare {number:04d}", unit_id=unit_id)
    await register.person(home, person)
    word = "Klocka" if protocol == "watch" else "Larmknapp"
    device = Device(
        id=an_id(f"fleet {protocol} {account}"),
        protocol=protocol,
        account=account,
        label=f"{word} {number:04d}",
        model=model,
        worn_by=person.id,
    )
    await register.device(home, device, now)
