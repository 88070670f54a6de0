"""Three scenes for a running demo, each played by emulated people: a missed check-in, a duress PIN, a group alarm.

They use nothing but the API on loopback, as the app and the console do, and tell line by line what happens.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from devices.app import App
from devices.device import Address, Surroundings

Incident = Mapping[str, Any]

PATIENCE_S: Final = 180.0
LOOK_EVERY_S: Final = 0.5
CHECK_IN_EVERY_S: Final = 60.0
"""The shortest that anybody may choose."""


class NothingHappened(Exception):
    """What the scene waited for did not come."""


@dataclass(slots=True)
class Stage:
    """Where a scene is played. tell: takes one line of the play. pin, duress_pin: the worker's."""

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
    begun_s: float = 0.0

    def __post_init__(self) -> None:
        self.begun_s = self.surroundings.monotonic_s()

    def say(self, words: str) -> None:
        """Tell a line, with the seconds since the scene began."""
        self.tell(f"{self.surroundings.monotonic_s() - self.begun_s:6.1f} s  {words}")

    def person(self, login: str) -> App:
        """Return somebody who can log in."""
        return App(self.address, login, self.password)


async def missed_check_in(stage: Stage) -> None:
    """A home visit with check-ins; the phone dies; the server calls for help by itself."""
    async with stage.person(stage.operator) as operator:
        async with stage.person(stage.worker) as worker:
            await _tidy(stage, operator, worker)
            before = await _open_ids(operator)
            await worker.post(
                "me/session",
                {"purpose": "hembesök", "check_in_every_s": CHECK_IN_EVERY_S, "ends_at": _later(stage, 0.5)},
            )
            work = await worker.get("me/work")
            stage.say(f"{stage.worker} begins a visit; next check-in due {work['session']['check_in_due_at']}")
        stage.say("her phone is switched off: from here on nothing is heard of her")
        incident = await _new_incident(stage, operator, before, "missed_check_in")
        stage.say(f"the server raised {incident['kind']}; told so far: {_told(incident)}")
        stage.say("take it on the console, or let the chain go on; her check-in would end it:")
        stage.say(f"   ./dev larmcentral devices say me/session/check-in --login {stage.worker}")


async def duress(stage: Stage) -> None:
    """A fall is counted down and cancelled twice: by the PIN, and by the duress PIN. The phone shows the same."""
    async with stage.person(stage.operator) as operator, stage.person(stage.worker) as worker:
        await _tidy(stage, operator, worker)
        shown = []
        for name, pin in (("her PIN", stage.pin), ("her duress PIN", stage.duress_pin)):
            before = await _open_ids(operator)
            await worker.post("me/pre-alarm", {"kind": "fall"})
            work = await worker.get("me/work")
            stage.say(f"the phone felt a fall and counts down to {work['pre_alarm']['alarm_at']}")
            await worker.post("me/pre-alarm/cancel", {"pin": pin})
            shown.append(await worker.get("me/work"))
            stage.say(f"{name} was entered; her phone shows: {_shown(shown[-1])}")
        if shown[0] != shown[1]:
            raise NothingHappened("the phone shows which PIN it was; that must not be")
        stage.say("to the letter the same, whoever reads it over her shoulder")
        incident = await _new_incident(stage, operator, before, "duress")
        stage.say(f"at the desk: {incident['kind']}, silent {incident['silent']}; told so far: {_told(incident)}")


async def group_alarm(stage: Stage, *, answered: bool = False) -> None:
    """Trouble at a reception: everybody in the building is told; unanswered it becomes an attack alarm."""
    async with AsyncExitStack() as stack:
        operator = await stack.enter_async_context(stage.person(stage.operator))
        places = await operator.get("places")
        building = next(place["id"] for place in places if place["name"] == stage.building)
        colleagues = [await stack.enter_async_context(stage.person(login)) for login in stage.colleagues]
        worker = await stack.enter_async_context(stage.person(stage.worker))
        await _tidy(stage, operator, worker)
        for one in (*colleagues, worker):
            await one.post("me/shift", {"until": _later(stage, 8), "place_id": building})
        before = await _open_ids(operator)
        stage.say(f"{', '.join(stage.colleagues)} and {stage.worker} are on shift at {stage.building}")
        await worker.send("group_alarm", UUID(int=stage.surroundings.chance.getrandbits(128), version=4))
        incident = await _new_incident(stage, operator, before, "group_alarm")
        stage.say(f"{stage.worker} presses group alarm; told: {_told(incident)}")
        if answered:
            for login, one in zip(stage.colleagues, colleagues, strict=True):
                await one.post(f"incidents/{incident['id']}/on-the-way")
                stage.say(f"{login}: I'm going")
            stage.say(f"now: {_told(await _incident(operator, incident['id']))}")
        else:
            stage.say("nobody answers")
            graver = await _until(stage, operator, incident["id"], lambda now: now["kind"] != "group_alarm")
            stage.say(f"it has become {graver['kind']}; told: {_told(graver)}")


SCENES: Final[Mapping[str, Callable[[Stage], Coroutine[Any, Any, None]]]] = {
    "missed-check-in": missed_check_in,
    "duress": duress,
    "group-alarm": group_alarm,
    "group-alarm-answered": lambda stage: group_alarm(stage, answered=True),
}


async def _open_ids(operator: App) -> frozenset[str]:
    return frozenset(incident["id"] for incident in (await operator.get("incidents"))["incidents"])


async def _incident(operator: App, incident_id: str) -> Incident:
    detail: Mapping[str, Incident] = await operator.get(f"incidents/{incident_id}")
    return detail["incident"]


async def _new_incident(stage: Stage, operator: App, before: frozenset[str], kind: str) -> Incident:
    """Return the incident of a kind that was not there before and has told somebody, when it is there."""
    until_s = stage.surroundings.monotonic_s() + PATIENCE_S
    while stage.surroundings.monotonic_s() < until_s:
        for incident in (await operator.get("incidents"))["incidents"]:
            if incident["id"] not in before and incident["kind"] == kind:
                found: Incident = incident
                return found
        await stage.surroundings.sleep(LOOK_EVERY_S)
    raise NothingHappened(f"no {kind} on the queue within {PATIENCE_S:.0f} s")


async def _until(stage: Stage, operator: App, incident_id: str, true_of: Callable[[Incident], bool]) -> Incident:
    until_s = stage.surroundings.monotonic_s() + PATIENCE_S
    while stage.surroundings.monotonic_s() < until_s:
        incident = await _incident(operator, incident_id)
        if true_of(incident):
            return incident
        await stage.surroundings.sleep(LOOK_EVERY_S)
    raise NothingHappened(f"nothing came of it within {PATIENCE_S:.0f} s")


async def _tidy(stage: Stage, operator: App, worker: App) -> None:
    """End what a scene played before has left: a further alarm of the same person would join what is open."""
    me = (await worker.get("me"))["person_id"]
    for incident in (await operator.get("incidents"))["incidents"]:
        if incident["person"] is not None and incident["person"]["id"] == me:
            await operator.post(f"incidents/{incident['id']}/stand-down", {"outcome": "test", "note": "ny scen"})
            stage.say(f"the operator stands down the {incident['kind']} of the scene before")
    if (await worker.get("me/work"))["session"] is not None:
        await worker.post("me/session/end", {})


def _told(incident: Incident) -> str:
    return ", ".join(f"{one['name']} ({one['state']})" for one in incident["responders"]) or "the desk alone"


def _shown(work: Mapping[str, Any]) -> str:
    counting = "a countdown" if work["pre_alarm"] else "no countdown"
    return f"{counting}, {len(work['alarms'])} alarms"


def _later(stage: Stage, hours: float) -> str:
    return (stage.surroundings.now() + timedelta(hours=hours)).isoformat()
