"""Where a scene is played, and what its players do again and again: look, wait, tidy up. Everything on loopback."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, TypeVar

from devices.app import App
from devices.device import Address, Surroundings

Incident = Mapping[str, Any]
Found = TypeVar("Found")

PATIENCE_S: Final = 180.0
LOOK_EVERY_S: Final = 0.5


class NothingHappened(Exception):
    """What the scene waited for did not come."""


@dataclass(slots=True)
class Stage:
    """Where a scene is played. tell: takes one line of the play. pin, duress_pin: the worker's.

    peers: the local stand-ins of the providers, as the demo writes them down.
    """

    address: Address
    password: str
    tell: Callable[[str], None]
    pin: str
    duress_pin: str
    surroundings: Surroundings
    worker: str = "anna"
    operator: str = "karin"
    colleagues: tuple[str, ...] = ("bosse", "cecilia")
    building: str = "Solgården"
    peers: Mapping[str, Any] = field(default_factory=dict)
    begun_s: float = 0.0

    def __post_init__(self) -> None:
        self.begun_s = self.surroundings.monotonic_s()

    def say(self, words: str) -> None:
        """Tell a line, with the seconds since the scene began."""
        self.tell(f"{self.surroundings.monotonic_s() - self.begun_s:6.1f} s  {words}")

    def person(self, login: str) -> App:
        """Return somebody who can log in."""
        return App(self.address, login, self.password)


async def open_ids(operator: App) -> frozenset[str]:
    """Return what is on the queue."""
    return frozenset(incident["id"] for incident in (await operator.get("incidents"))["incidents"])


async def incident_now(operator: App, incident_id: str) -> Incident:
    """Return an incident as it stands."""
    detail: Mapping[str, Incident] = await operator.get(f"incidents/{incident_id}")
    return detail["incident"]


async def new_incident(stage: Stage, operator: App, before: frozenset[str], kind: str) -> Incident:
    """Return the incident of a kind that was not there before, when it is there."""

    async def found() -> list[Incident]:
        return [
            incident
            for incident in (await operator.get("incidents"))["incidents"]
            if incident["id"] not in before and incident["kind"] == kind
        ]

    return (await until(stage, found, bool, f"no {kind} on the queue"))[0]


async def until(
    stage: Stage, look: Callable[[], Awaitable[Found]], enough: Callable[[Found], object], what: str
) -> Found:
    """Look until it is enough. Raises NothingHappened."""
    until_s = stage.surroundings.monotonic_s() + PATIENCE_S
    while stage.surroundings.monotonic_s() < until_s:
        found = await look()
        if enough(found):
            return found
        await stage.surroundings.sleep(LOOK_EVERY_S)
    raise NothingHappened(f"{what}: not within {PATIENCE_S:.0f} s")


async def tidy(stage: Stage, operator: App, worker: App) -> None:
    """End what a scene played before has left: a further alarm of the same person would join what is open."""
    me = (await worker.get("me"))["person_id"]
    for incident in (await operator.get("incidents"))["incidents"]:
        if incident["person"] is not None and incident["person"]["id"] == me:
            await operator.post(
                f"incidents/{incident['id']}/stand-down",
                {"outcome": "test", "closing": [{"key": "cause", "choice": "training", "note": "ny scen"}]},
            )
            stage.say(f"the operator stands down the {incident['kind']} of the scene before")
    if (await worker.get("me/work"))["session"] is not None:
        await worker.post("me/session/end", {})


def told(incident: Incident) -> str:
    """Say who was told, and what they said."""
    return ", ".join(f"{one['name']} ({one['state']})" for one in incident["responders"]) or "the desk alone"


def later(stage: Stage, hours: float) -> str:
    """Return a moment so many hours from now, as the API reads it."""
    return (stage.surroundings.now() + timedelta(hours=hours)).isoformat()
