"""The two alarm receiving centres of a load run: settings for the server, orders to the stand-ins, what they received.

Each has a primary and a secondary receiver, as in the demo: SOS Access over TLS, and DC-09 encrypted over TCP with a
secondary over UDP.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import aiohttp

from protocols.sos_access.codes import Status

SOS_ACCESS: Final = "larmbolaget"
DC09: Final = "vaktbolaget"
PROTOCOLS: Final[Mapping[str, str]] = {SOS_ACCESS: "SOS Access", DC09: "DC-09"}
PRIMARIES: Final = ("sos_primary", "arc_primary")
RECEIVERS: Final[Mapping[str, str]] = {
    "sos_primary": SOS_ACCESS,
    "sos_secondary": SOS_ACCESS,
    "arc_primary": DC09,
    "arc_secondary": DC09,
}
"""The stand-ins by their names in devices.peers, and whose they are."""
PAGE: Final = 5_000

_TOOK: Final = frozenset({Status.OK.value, Status.DUPLICATED_ALARM.value})
_CASE: Final = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b")


@dataclass(frozen=True, slots=True)
class Recorded:
    """A case in a centre's record. number: the case's own. at_s: monotonic, before the answer. took: it said yes."""

    receiver: str
    number: str
    at_s: float
    took: bool


def settings(peers: Mapping[str, Any], folder: Path, deadline_s: float) -> list[str]:
    """Return the lines of both forwarders, and write the files of their secrets. deadline_s: of a try on one path."""
    password = _secret(folder, "sos-access-password", peers["sos_primary"]["password"])
    lines = [f"[forwarders.{SOS_ACCESS}]", 'label = "Larmbolaget"']
    for name in ("primary", "secondary"):
        centre = peers[f"sos_{name}"]
        lines += [
            f"[[forwarders.{SOS_ACCESS}.paths]]",
            'protocol = "sos_access"',
            f'name = "{name}"',
            *(f'{key} = "{centre[key]}"' for key in ("host", "receiver", "transmitter_code", "transmitter_type")),
            f"port = {centre['port']}",
            f'ca_file = "{peers["ca_file"]}"',
            f'password_file = "{password}"',
            f"level = {centre['level']}",
            'position = "dd.dddd"',
            f"deadline_s = {deadline_s}",
        ]
    lines += [f"[forwarders.{DC09}]", 'label = "Vaktbolaget"']
    for name, transport, port in (("primary", "tcp", "port"), ("secondary", "udp", "udp_port")):
        centre = peers[f"arc_{name}"]
        ((account, key),) = centre["accounts"].items()
        lines += [
            f"[[forwarders.{DC09}.paths]]",
            'protocol = "dc09"',
            f'name = "{name}"',
            f'host = "{centre["host"]}"',
            f"port = {centre[port]}",
            f'transport = "{transport}"',
            f'account = "{account}"',
            f'key_file = "{_secret(folder, "dc09-key", key)}"',
            "supervision_s = 180",
            f"deadline_s = {deadline_s}",
        ]
    return lines


async def silence(peers: Mapping[str, Any], receivers: Iterable[str]) -> None:
    """Let receivers take everything in and answer nothing."""
    async with aiohttp.ClientSession(raise_for_status=True) as http:
        for name in receivers:
            async with http.post(f"{peers[name]['side']}/_orders", json={"for": "all", "fate": "silence"}):
                pass


async def wake(peers: Mapping[str, Any]) -> None:
    """Let every receiver behave well again."""
    async with aiohttp.ClientSession(raise_for_status=True) as http:
        for name in RECEIVERS:
            async with http.delete(f"{peers[name]['side']}/_orders"):
                pass


async def fetch_recorded(peers: Mapping[str, Any]) -> list[Recorded]:
    """Fetch every case that a receiver heard of, in the order of its coming; heartbeats left out."""
    found: list[Recorded] = []
    async with aiohttp.ClientSession(raise_for_status=True) as http:
        for name, receiver in RECEIVERS.items():
            since = 0
            while True:
                page = {"since": str(since), "limit": str(PAGE)}
                async with http.get(f"{peers[name]['side']}/_received", params=page) as answer:
                    entries = (await answer.json())["received"]
                if not entries:
                    break
                since = entries[-1]["number"]
                found += [one for entry in entries if (one := read(receiver, entry)) is not None]
    return sorted(found, key=lambda one: one.at_s)


def read(receiver: str, entry: Mapping[str, Any]) -> Recorded | None:
    """Return a case out of one entry of a record; None for what names no case."""
    if receiver == SOS_ACCESS:
        said, took = entry["notice_id"], entry["status"] in _TOOK
    else:
        said, took = " ".join(text for _, text in entry["payload"]["blocks"]), entry["status"] == 200
    number = _CASE.search(said)
    return None if number is None else Recorded(receiver, number[0], entry["at_monotonic"], took)


def _secret(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.touch(mode=0o600)
    path.write_text(text, "utf-8")
    return path
