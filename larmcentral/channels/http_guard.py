"""The guard before addresses that others gave us: nobody turns the server against the inner network.

The name is resolved here, every address of it is looked at, and the connection goes to exactly those addresses: a name
that says something else a moment later (DNS rebinding) is not asked a second time. TLS and Host keep the name.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Collection
from typing import Final

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

REFUSED_V4: Final = tuple(
    ipaddress.IPv4Network(net)
    for net in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8",  # private, RFC 1918
        "100.64.0.0/10",  # carriers' shared space, RFC 6598
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local; clouds keep their metadata here
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
GLOBAL_V6: Final = ipaddress.IPv6Network("2000::/3")
"""What is not in here is none of the internet's: mapped IPv4, NAT64, unique local, link-local, loopback, multicast."""
REFUSED_V6: Final = tuple(
    ipaddress.IPv6Network(net)
    for net in (
        "2001::/23",  # protocol assignments, Teredo among them: an IPv4 address in disguise
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: an IPv4 address in disguise
        "3fff::/20",  # documentation
    )
)
HTTPS_PORT: Final = 443


class TargetRefused(OSError):
    """We do not go there. The text says why; it may be shown to whoever gave the address."""


class HttpGuard:
    """Says where a client may go. allow_hosts: names or addresses that may lie on the inner network, and without TLS.

    any_port: whether hosts outside allow_hosts may be asked on another port than 443.
    """

    def __init__(self, allow_hosts: Collection[str] = (), *, any_port: bool = False) -> None:
        self._allowed = frozenset(_bare(host) for host in allow_hosts)
        self._any_port = any_port

    def allows(self, host: str) -> bool:
        """Whether this host was allowed by name."""
        return _bare(host) in self._allowed

    def check(self, url: URL) -> None:
        """Raise TargetRefused for a URL that cannot be right, before any name is resolved."""
        host = url.host
        if not host or not url.absolute:
            raise TargetRefused("the address names no host")
        if url.user is not None or url.password is not None:
            raise TargetRefused("the address carries a name or password")
        if self.allows(host):
            if url.scheme not in {"https", "http"}:
                raise TargetRefused("the address is neither https nor http")
            return
        if url.scheme != "https":
            raise TargetRefused("the address is not https")
        if not self._any_port and url.port != HTTPS_PORT:
            raise TargetRefused("the address is not on port 443")
        if _looks_numeric(host):
            self.check_address(host, host)

    def check_address(self, host: str, address: str) -> None:
        """Raise TargetRefused where this host may not have this address. address: numeric, as the resolver says it."""
        if not self.allows(host) and not is_public(address):
            raise TargetRefused("the address leads to the inner network")


class GuardedResolver(AbstractResolver):
    """Resolves for aiohttp, and lets no address pass that the guard refuses. inner: who really resolves."""

    def __init__(self, guard: HttpGuard, inner: AbstractResolver | None = None) -> None:
        self._guard, self._inner = guard, inner or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the host's addresses. One bad among good ones is a trick, and none of them is used."""
        found = await self._inner.resolve(host, port, family)
        for one in found:
            self._guard.check_address(host, one["host"])
        return found

    async def close(self) -> None:
        """Let go of the resolver."""
        await self._inner.close()


def is_public(address: str) -> bool:
    """Whether a numeric address is one of the internet's; anything that cannot be read is not."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in net for net in REFUSED_V4)
    return ip.scope_id is None and ip in GLOBAL_V6 and not any(ip in net for net in REFUSED_V6)


def _looks_numeric(host: str) -> bool:
    """Digits and dots, or a colon: such a host is taken for an address and never resolved."""
    return ":" in host or host.replace(".", "").isdigit()


def _bare(host: str) -> str:
    return host.strip("[]").rstrip(".").lower()
