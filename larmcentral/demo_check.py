"""./dev demo --check: one press a protocol, notices at the far end, an acknowledgement, the scenes about ways out."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import aiohttp

from larmcentral import seed as play
from larmcentral.seed_wearables import UNITS, WEARABLES

if TYPE_CHECKING:
    from larmcentral.demo import Demo

DEADLINE_S: Final = 30.0
PRESSES: Final[dict[str, tuple[str, str, list[str]]]] = {
    "watch": ("press", "watch", ["--device", "8660000001"]),
    "osmand": ("press", "osmand", ["--device", "866000000000017", "--secret", play.PHONE_SECRET]),
    "owntracks": ("check-in", "owntracks", ["--device", "dag/phone", "--secret", play.PHONE_SECRET]),
    "dc09": ("press", "dc09", ["--device", "1234", "--key", play.PANEL_KEY.hex()]),
    "dc09_udp": ("press", "dc09", ["--device", "1234", "--key", play.PANEL_KEY.hex(), "--set", "transport=udp"]),
    **{one.protocol: ("press", one.protocol, ["--device", one.account]) for one in WEARABLES},
    **{one.protocol: ("press", one.protocol, ["--device", one.account, "--secret", one.secret]) for one in UNITS},
}
"""owntracks has no alarm by design: its press is a check-in."""

PRESSES_AT_ONCE: Final = 3
"""Each is a program of its own, and most of its time is its start."""

SAME_PANEL: Final = 1
"""Presses that join another's incident: the panel over UDP is the one over TCP."""

UNACKED: Final = frozenset({"minifinder"})
"""Nothing is answered in this family; its press must all the same be an incident."""

SCENES: Final = ("hand-over", "dead-way")


async def check(demo: Demo, addresses: Path) -> dict[str, Any]:
    """Press over every protocol, wait for notices, acknowledge, play SCENES; ok says whether all of it came through.

    addresses: the file in which the scenes find the local providers.
    """
    room = asyncio.Semaphore(PRESSES_AT_ONCE)
    told = await asyncio.gather(*(_press(demo, room, *how) for how in PRESSES.values()))
    pressed = dict(zip(PRESSES, told, strict=True))
    async with aiohttp.ClientSession(
        headers={"X-Larm": "1"}, cookie_jar=aiohttp.CookieJar(unsafe=True), timeout=aiohttp.ClientTimeout(DEADLINE_S)
    ) as http:
        notices = {name: await _received(http, demo.peers[name]["side"], least=1) for name in ("apns", "fcm")}
        console = await _acknowledge(http, demo)
    scenes = {name: await _play(demo, name, addresses) for name in SCENES}
    ok = (
        all(scene["played"] for scene in scenes.values())
        and all(press["sent"] for press in pressed.values())
        and all(press["acked"] for name, press in pressed.items() if name not in UNACKED)
        and all(notices.values())
        and console["acknowledged"]
        and console["incidents"] >= len([how for how in PRESSES.values() if how[0] == "press"]) - SAME_PANEL
    )
    return {"ok": ok, "pressed": pressed, "notices": notices, "console": console, "scenes": scenes}


async def _press(demo: Demo, room: asyncio.Semaphore, command: str, protocol: str, more: list[str]) -> dict[str, Any]:
    port = str(demo.ports[protocol])
    async with room:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "larmcentral", "devices", command, "--protocol", protocol, "--port", port, *more),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
    lines = said.decode("utf-8", "replace").splitlines()
    acked = next((line.split()[1] for line in lines if line.startswith("acked")), None)
    # Some families have no ack at all: then a live connection that took it is all that a device can know.
    result: dict[str, Any] = {"sent": process.returncode == 0, "acked": process.returncode == 0 and acked is not None}
    if acked is not None:
        result["ack_ms"] = float(acked)
    if process.returncode != 0:
        result["said"] = lines[-3:]
    return result


async def _play(demo: Demo, name: str, addresses: Path) -> dict[str, Any]:
    began_s = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "larmcentral", "devices", "scene", name, "--port", str(demo.ports["web"])),
        *("--addresses", str(addresses)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return {
        "played": process.returncode == 0,
        "s": round(time.monotonic() - began_s, 1),
        "said": said.decode("utf-8", "replace").splitlines(),
    }


async def _received(http: aiohttp.ClientSession, side: str, *, least: int) -> int:
    ends_at = time.monotonic() + DEADLINE_S
    count = 0
    while count < least and time.monotonic() < ends_at:
        async with http.get(f"{side}/_received", params={"since": str(count), "wait_s": "2"}) as answer:
            count = (await answer.json())["count"]
    return count


async def _acknowledge(http: aiohttp.ClientSession, demo: Demo) -> dict[str, Any]:
    login = {"login": "karin", "password": play.PASSWORD}
    async with http.post(f"{demo.web}/api/session", json=login) as answer:
        if answer.status != 200:
            return {"acknowledged": False, "incidents": 0, "said": await answer.text()}
    async with http.get(f"{demo.web}/api/incidents") as answer:
        incidents = (await answer.json())["incidents"]
    began_s = time.monotonic()
    acknowledged = 0
    for incident in incidents:
        if incident["state"] != "open":
            continue
        async with http.post(f"{demo.web}/api/incidents/{incident['id']}/acknowledge") as answer:
            acknowledged += answer.status == 200 and (await answer.json())["state"] == "acknowledged"
        async with http.post(
            f"{demo.web}/api/incidents/{incident['id']}/stand-down",
            json={"outcome": "test", "closing": [{"key": "cause", "choice": "training", "note": "kontroll"}]},
        ) as answer:
            answer.raise_for_status()
    return {
        "incidents": len(incidents),
        "acknowledged": acknowledged,
        "acknowledge_and_stand_down_ms": round(1000 * (time.monotonic() - began_s), 1),
    }
