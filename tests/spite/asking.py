"""Asking a route what its row says, and comparing what two askers were told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import httpx

from larmcentral.api.permissions import PERMITTED
from larmcentral.clock import SystemClock, SystemIds
from larmcentral.domain.roles import Role
from tests.spite.house import ROLES, hours
from tests.spite.table import TABLE, WORDS, filled, slots

Route = tuple[str, str]

IDS: Final = SystemIds(SystemClock())
ROUTES: Final = sorted(TABLE, key=lambda route: TABLE[route].last)
"""What ends something comes last."""
PASSING: Final = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"  # an id
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9:]{5})"  # a time
    r"|(?<=\"version\":)[0-9]+"
)
"""What differs between two acts of the same kind."""


def nothing(things: Iterable[str]) -> dict[str, str]:
    """Names of things that are nowhere."""
    return {name: f"SPITE-{IDS.new()}" if name == "tag" else str(IDS.new()) for name in things}


def common() -> dict[str, str]:
    """What every request may have in its braces besides things."""
    said = {"later": hours(2), "much_later": hours(3), "next_month": hours(24 * 30)[:10], "nothing": str(IDS.new())}
    said["pager"] = str(IDS.new().int % 10**6)
    return {**WORDS, **said}


async def ask(browser: httpx.AsyncClient, route: Route, ids: Mapping[str, str]) -> httpx.Response:
    """Send a route's request, with these things in it."""
    row, names = TABLE[route], {**common(), **ids}
    url = filled(route[1], names) + filled(row.query, names)
    if row.upload is not None:
        media_type, content = row.upload
        return await browser.request(route[0], url, content=content, headers={"Content-Type": media_type})
    return await browser.request(route[0], url, json=filled(row.body, names))


def said(answer: httpx.Response, name: str) -> tuple[Any, ...]:
    """All of an answer that can tell something about what was asked for by this name.

    Where something was done, ids that were made by it, its time and the count of what was done before are no news.
    """
    text = answer.text.replace(name, "*")
    if answer.is_success:
        text = PASSING.sub("*", text)
    headers = {name: value for name, value in answer.headers.items() if name not in {"date", "content-length"}}
    return answer.status_code, headers, text


async def differs(
    browser: httpx.AsyncClient,
    route: Route,
    name: str,
    *,
    own: Mapping[str, str],
    others: Mapping[str, str],
    who: str,
) -> str:
    """Ask for somebody else's thing and for one that is nowhere; return what tells them apart, in words."""
    absent = nothing(others)
    theirs = await ask(browser, route, {**own, name: others[name]})
    gone = await ask(browser, route, {**own, name: absent[name]})
    if said(theirs, others[name]) == said(gone, absent[name]):
        return ""
    words = f"{theirs.status_code} {theirs.text[:200]}, not {gone.status_code} {gone.text[:200]}"
    return f"{' '.join(route)} as {who}, with {name} of others: {words}"


def tries() -> list[tuple[str, Route, str]]:
    """Every role that may call a route, with each thing that its request names."""
    return [
        (role, route, name)
        for route in ROUTES
        if not TABLE[route].why_not
        for name in slots(route)
        if name not in TABLE[route].made | TABLE[route].common
        for role in ROLES
        if Role(role) in PERMITTED[route]
    ]
