"""What Teams and webhooks share: addresses that stand in the settings under a name, each with a client of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver

from larmcentral.channels.http_client import Forbidden, HttpAnswer, HttpClient, Unreachable
from larmcentral.channels.http_guard import HttpGuard
from larmcentral.domain.notice import Delivery, DeliveryState, Probe

MAX_CONNECTIONS = 8  # a hook is one place that reads; more at once only fills its queue


@dataclass(frozen=True, slots=True, kw_only=True)
class HookTarget:
    """One address. url: a secret itself, where it is Teams'. secret: signs what we post, "" for none.

    allow_private: whether it may lie on the inner network, without TLS too. ca_file: PEM of the CA to trust.
    """

    url: str = field(repr=False)
    secret: str = field(default="", repr=False)
    allow_private: bool = False
    ca_file: str | None = None


class UnknownHook(Exception):
    """The settings know no hook of this name. The text says so to a person."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no hook called {name[:32]} in the settings")


class Hooks:
    """The clients of all hooks of a channel. None waits for another."""

    def __init__(
        self, targets: Mapping[str, HookTarget], deadline: timedelta, resolver: AbstractResolver | None = None
    ) -> None:
        """Raises ValueError for a URL that names no host. resolver: asked in place of the system's."""
        self._targets = dict(targets)
        self._clients = {name: _client(name, target, deadline, resolver) for name, target in targets.items()}

    async def start(self) -> None:
        """Make the sessions."""
        for client in self._clients.values():
            await client.start()

    async def stop(self) -> None:
        """Close; tries under way end as RETRY."""
        for client in self._clients.values():
            await client.stop()

    def target(self, name: str) -> HookTarget:
        """Return the hook of this name. Raises UnknownHook."""
        target = self._targets.get(name)
        if target is None:
            raise UnknownHook(name)
        return target

    async def post(self, name: str, body: bytes, headers: Mapping[str, str]) -> HttpAnswer | Delivery:
        """Post to a hook; a Delivery where nothing came back, or nothing may be sent."""
        try:
            target = self.target(name)
            return await self._clients[name].post(target.url, body, headers=headers)
        except (UnknownHook, Forbidden) as error:
            return Delivery(state=DeliveryState.REFUSED, reason=str(error))
        except Unreachable as error:
            return Delivery(state=DeliveryState.RETRY, reason=str(error))

    async def probe(self) -> Probe:
        """Connect to every hook without a word. Alive while one of them is: the others are their own trouble."""
        why = [await self._why_not(name) for name in self._targets]
        dead = [f"{name}: {reason}" for name, reason in zip(self._targets, why, strict=True) if reason]
        return Probe(alive=len(dead) < len(why) or not why, reason="; ".join(dead)[:500])

    async def _why_not(self, name: str) -> str:
        try:
            await self._clients[name].connect(self._targets[name].url)
        except Unreachable as error:
            return str(error)
        return ""


def check_names(names: Iterable[str]) -> None:
    """Raise ValueError where there is not one hook."""
    if not list(names):
        raise ValueError("at least one hook is needed")


def _client(name: str, target: HookTarget, deadline: timedelta, resolver: AbstractResolver | None) -> HttpClient:
    host = urlsplit(target.url).hostname
    if not host:
        raise ValueError(f"the address of hook {name} names no host")
    guard = HttpGuard((host,) if target.allow_private else (), any_port=True)
    return HttpClient(
        ca_file=target.ca_file, max_connections=MAX_CONNECTIONS, deadline=deadline, guard=guard, resolver=resolver
    )
