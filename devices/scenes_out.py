"""Two scenes about ways out: a case handed to contracted centres, and a way out that is dead and passed over.

Unlike the others they look at the far end too: at the local stand-ins of the centres and providers, on loopback.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

import aiohttp

from devices.app import App
from devices.stage import (
    Incident,
    NothingHappened,
    Stage,
    new_incident,
    open_ids,
    tidy,
    told,
    until,
)

PUSHES: Final = ("apns", "fcm", "web_push")
SECOND_PRESS_AFTER_S: Final = 8.0
"""Three tries of five seconds each run side by side; then the way is known to be dead."""


async def hand_over(stage: Stage) -> None:
    """An alarm is handed to two centres, one over SOS Access, one over DC-09; then it is stood down, and they hear."""
    async with stage.person(stage.operator) as operator, stage.person(stage.worker) as worker:
        await tidy(stage, operator, worker)
        seen = {name: await _count(stage, name) for name in ("sos_primary", "arc_primary", "voice")}
        before = await open_ids(operator)
        await worker.send("panic", UUID(int=stage.surroundings.chance.getrandbits(128), version=4))
        incident = await new_incident(stage, operator, before, "panic")
        stage.say(f"{stage.worker} presses; told: {told(incident)}")
        await operator.post(f"incidents/{incident['id']}/jump", {"step": incident["steps"] - 2})
        stage.say("the operator jumps to the step that rings people up")
        call = (await _received(stage, "voice", seen["voice"], 1, lambda one: one["reason"] == "call"))[0]
        stage.say(f"the voice gateway heard: {' / '.join(call['payload']['heard'])}")
        await operator.post(f"incidents/{incident['id']}/jump", {"step": incident["steps"] - 1})
        stage.say("and to the last step: the contracted centres")
        for line in await _lines(stage, operator, incident, "receiver_took", 2):
            detail = line["detail"]
            stage.say(f"{detail['receiver']} has it, by its path {detail['path']}")
        for line in await _lines(stage, operator, incident, "path_tried", 2):
            detail = line["detail"]
            stage.say(f"   {detail['receiver']} {detail['path']}: {detail['result']} in {detail['seconds']} s")
        for name in ("sos_primary", "arc_primary"):
            for one in await _received(stage, name, seen[name], 1, _is_alarm):
                stage.say(f"at {name} arrived: {_words(one['payload'])}")
        await operator.post(
            f"incidents/{incident['id']}/stand-down",
            {"outcome": "test", "closing": [{"key": "cause", "choice": "training", "note": "scenen är slut"}]},
        )
        await _lines(stage, operator, incident, "receiver_took", 4)
        stage.say("stood down; both centres were told that it is over")


async def dead_way(stage: Stage) -> None:
    """The push services fall silent: the first alarm finds out, the second passes them over and says so."""
    async with stage.person(stage.operator) as operator, stage.person(stage.worker) as worker:
        await tidy(stage, operator, worker)
        for name in PUSHES:
            await _order(stage, name, {"for": "all", "fate": "silence"})
        stage.say("the push services answer nobody any more")
        try:
            before = await open_ids(operator)
            await worker.send("panic", UUID(int=stage.surroundings.chance.getrandbits(128), version=4))
            incident = await new_incident(stage, operator, before, "panic")
            stage.say(f"{stage.worker} presses; told: {told(incident)}")
            await operator.post(f"incidents/{incident['id']}/jump", {"step": 1})
            await _lines(stage, operator, incident, "notice_waits", 1)
            stage.say("push does not answer: the notices wait, and the next medium rings without waiting")
            await stage.surroundings.sleep(SECOND_PRESS_AFTER_S)
            await tidy(stage, operator, worker)
            before = await open_ids(operator)
            await worker.send("panic", UUID(int=stage.surroundings.chance.getrandbits(128), version=4))
            second = await new_incident(stage, operator, before, "panic")
            await operator.post(f"incidents/{second['id']}/jump", {"step": 1})
            for line in await _lines(stage, operator, second, "way_passed_over", 1):
                stage.say(f"passed over: {line['detail']['channels']}, known to be dead")
            texts = await _lines(stage, operator, second, "notice_filed", 1, lambda line: _by(line, "sms"))
            stage.say(f"{len(texts)} text messages at once instead")
            await tidy(stage, operator, worker)
        finally:
            for name in PUSHES:
                await _well_again(stage, name)
        stage.say("the push services are well again")


def _by(line: Mapping[str, Any], channel: str) -> bool:
    return bool(line["detail"].get("channel") == channel)


async def _lines(
    stage: Stage,
    operator: App,
    incident: Incident,
    kind: str,
    least: int,
    wanted: Callable[[Mapping[str, Any]], bool] = lambda line: True,
) -> list[Mapping[str, Any]]:
    """Return the timeline's lines of a kind once there are so many."""

    async def found() -> list[Mapping[str, Any]]:
        detail = await operator.get(f"incidents/{incident['id']}")
        return [line for line in detail["timeline"] if line["kind"] == kind and wanted(line)]

    return await until(stage, found, lambda lines: len(lines) >= least, f"{least} lines {kind}")


def _side(stage: Stage, name: str) -> str:
    try:
        return str(stage.peers[name]["side"])
    except KeyError:
        raise NothingHappened(f"nothing is known of the local {name}: give --addresses of a running demo") from None


async def _count(stage: Stage, name: str) -> int:
    async with aiohttp.ClientSession() as http, http.get(f"{_side(stage, name)}/_received") as answer:
        return int((await answer.json())["count"])


async def _received(
    stage: Stage, name: str, since: int, least: int, wanted: Callable[[Mapping[str, Any]], bool]
) -> list[Mapping[str, Any]]:
    async def found() -> list[Mapping[str, Any]]:
        async with (
            aiohttp.ClientSession() as http,
            http.get(f"{_side(stage, name)}/_received", params={"since": str(since)}) as answer,
        ):
            return [one for one in (await answer.json())["received"] if wanted(one)]

    return await until(stage, found, lambda all_: len(all_) >= least, f"{least} at {name}")


async def _order(stage: Stage, name: str, order: Mapping[str, Any]) -> None:
    async with aiohttp.ClientSession() as http, http.post(f"{_side(stage, name)}/_orders", json=order) as answer:
        answer.raise_for_status()


async def _well_again(stage: Stage, name: str) -> None:
    async with aiohttp.ClientSession() as http, http.delete(f"{_side(stage, name)}/_orders") as answer:
        answer.raise_for_status()


def _is_alarm(received: Mapping[str, Any]) -> bool:
    """Neither a heartbeat nor a link test."""
    payload = received["payload"] or {}
    return payload.get("root") == "AlarmRequest" or payload.get("name") in {"SIA-DCS", "ADM-CID"}


def _words(payload: Mapping[str, Any]) -> str:
    """What the centre was told, without what is the same each time."""
    said = {key: value for key, value in payload.items() if key not in {"root", "frame", "receiver", "line", "seq"}}
    return ", ".join(f"{key} {value}" for key, value in said.items() if value not in (None, "", []))
