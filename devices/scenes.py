"""Scenes for a running demo, each played by emulated people: a missed check-in, a duress PIN, a group alarm.

They use nothing but the API on loopback, as the app and the console do, and tell line by line what happens.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from contextlib import AsyncExitStack
from typing import Any, Final
from uuid import UUID

from devices.scenes_out import dead_way, hand_over
from devices.stage import NothingHappened, Stage, incident_now, later, new_incident, open_ids, tidy, told, until

CHECK_IN_EVERY_S: Final = 60.0
"""The shortest that anybody may choose."""


async def missed_check_in(stage: Stage) -> None:
    """A home visit with check-ins; the phone dies; the server calls for help by itself."""
    async with stage.person(stage.operator) as operator:
        async with stage.person(stage.worker) as worker:
            await tidy(stage, operator, worker)
            before = await open_ids(operator)
            await worker.post(
                "me/session",
                {"purpose": "hembesök", "check_in_every_s": CHECK_IN_EVERY_S, "ends_at": later(stage, 0.5)},
            )
            work = await worker.get("me/work")
            stage.say(f"{stage.worker} begins a visit; next check-in due {work['session']['check_in_due_at']}")
        stage.say("her phone is switched off: from here on nothing is heard of her")
        incident = await new_incident(stage, operator, before, "missed_check_in")
        stage.say(f"the server raised {incident['kind']}; told so far: {told(incident)}")
        stage.say("take it on the console, or let the chain go on; her check-in would end it:")
        stage.say(f"   ./dev larmcentral devices say me/session/check-in --login {stage.worker}")


async def duress(stage: Stage) -> None:
    """A fall is counted down and cancelled twice: by the PIN, and by the duress PIN. The phone shows the same."""
    async with stage.person(stage.operator) as operator, stage.person(stage.worker) as worker:
        await tidy(stage, operator, worker)
        shown = []
        for name, pin in (("her PIN", stage.pin), ("her duress PIN", stage.duress_pin)):
            before = await open_ids(operator)
            await worker.post("me/pre-alarm", {"kind": "fall"})
            work = await worker.get("me/work")
            stage.say(f"the phone felt a fall and counts down to {work['pre_alarm']['alarm_at']}")
            await worker.post("me/pre-alarm/cancel", {"pin": pin})
            shown.append(await worker.get("me/work"))
            stage.say(f"{name} was entered; her phone shows: {_shown(shown[-1])}")
        if shown[0] != shown[1]:
            raise NothingHappened("the phone shows which PIN it was; that must not be")
        stage.say("to the letter the same, whoever reads it over her shoulder")
        incident = await new_incident(stage, operator, before, "duress")
        stage.say(f"at the desk: {incident['kind']}, silent {incident['silent']}; told so far: {told(incident)}")


async def group_alarm(stage: Stage, *, answered: bool = False) -> None:
    """Trouble at a reception: everybody in the building is told; unanswered it becomes an attack alarm."""
    async with AsyncExitStack() as stack:
        operator = await stack.enter_async_context(stage.person(stage.operator))
        places = await operator.get("places")
        building = next(place["id"] for place in places if place["name"] == stage.building)
        colleagues = [await stack.enter_async_context(stage.person(login)) for login in stage.colleagues]
        worker = await stack.enter_async_context(stage.person(stage.worker))
        await tidy(stage, operator, worker)
        for one in (*colleagues, worker):
            await one.post("me/shift", {"until": later(stage, 8), "place_id": building})
        before = await open_ids(operator)
        stage.say(f"{', '.join(stage.colleagues)} and {stage.worker} are on shift at {stage.building}")
        await worker.send("group_alarm", UUID(int=stage.surroundings.chance.getrandbits(128), version=4))
        incident = await new_incident(stage, operator, before, "group_alarm")
        stage.say(f"{stage.worker} presses group alarm; told: {told(incident)}")
        if answered:
            for login, one in zip(stage.colleagues, colleagues, strict=True):
                await one.post(f"incidents/{incident['id']}/on-the-way")
                stage.say(f"{login}: I'm going")
            stage.say(f"now: {told(await incident_now(operator, incident['id']))}")
        else:
            stage.say("nobody answers")
            graver = await until(
                stage,
                lambda: incident_now(operator, incident["id"]),
                lambda now: now["kind"] != "group_alarm",
                "it does not become graver",
            )
            stage.say(f"it has become {graver['kind']}; told: {told(graver)}")


SCENES: Final[Mapping[str, Callable[[Stage], Coroutine[Any, Any, None]]]] = {
    "missed-check-in": missed_check_in,
    "duress": duress,
    "group-alarm": group_alarm,
    "group-alarm-answered": lambda stage: group_alarm(stage, answered=True),
    "hand-over": hand_over,
    "dead-way": dead_way,
}


def _shown(work: Mapping[str, Any]) -> str:
    counting = "a countdown" if work["pre_alarm"] else "no countdown"
    return f"{counting}, {len(work['alarms'])} alarms"
