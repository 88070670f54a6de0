"""Addresses that others gave us cannot be turned against the inner network."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from devices.peers.credentials import Credentials
from larmcentral.channels.http_client import Forbidden, HttpClient, Unreachable
from larmcentral.channels.http_guard import GuardedResolver, HttpGuard, TargetRefused, is_public
from tests.fakes.bad_server import BadServer, Manner
from tests.larmcentral.channels.http_cases import answer, answers_in_turn
from tests.larmcentral.channels.support import MODERATE, running

INNER = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.127.255.254",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:8.8.8.8",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "100::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "2001::1",
    "2001:10::1",
    "2002:7f00:1::1",
    "3fff::1",
    "4000::1",
    "localhost",
    "",
    "127.1",
    "2130706433",
    "0x7f.0.0.1",
]
OUTER = [
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.1",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.1",
    "193.0.0.1",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2001:200::1",
    "2001:4860:4860::8888",
    "2606:4700:4700::1111",
    "2a00:801::1",
]


class Told(AbstractResolver):
    """Resolves every name to what it is told, one answer after the other; the last one for ever."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = list(answers)
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = self._answers[min(self.asked, len(self._answers) - 1)]
        self.asked += 1
        return [
            {
                "hostname": host,
                "host": address,
                "port": port,
                "family": socket.AF_INET6 if ":" in address else socket.AF_INET,
                "proto": 0,
                "flags": 0,
            }
            for address in found
        ]

    async def close(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize("address", INNER)
def test_what_is_not_the_internets_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", OUTER)
def test_the_internet_is_not(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://push.example/x",
        "ftp://push.example/x",
        "https://push.example:8443/x",
        "https://name:word@push.example/x",
        "https://@127.0.0.1/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://[::ffff:127.0.0.1]/x",
        "https://[fe80::1%25eth0]/x",
        "https://127.1/x",
        "https://2130706433/x",
        "https://0177.0.0.1/x",
        "https://169.254.169.254/latest/meta-data",
        "https:///x",
        "/x",
        "",
    ],
)
def test_an_address_that_cannot_be_right_is_refused_before_any_name_is_resolved(url: str) -> None:
    with pytest.raises(TargetRefused):
        HttpGuard().check(URL(url))


@pytest.mark.parametrize("url", ["https://push.example/x", "https://push.example:443/x", "https://1.1.1.1/x"])
def test_an_ordinary_address_is_not(url: str) -> None:
    HttpGuard().check(URL(url))


def test_what_is_allowed_by_name_may_be_private_and_bare() -> None:
    guard = HttpGuard(["Hook.Inre.Example.", "10.0.0.7"])

    guard.check(URL("http://hook.inre.example:8080/x"))
    guard.check(URL("http://10.0.0.7/x"))
    guard.check_address("hook.inre.example", "10.0.0.1")
    with pytest.raises(TargetRefused, match="https"):
        guard.check(URL("http://other.inre.example/x"))
    with pytest.raises(TargetRefused, match="inner network"):
        guard.check_address("other.inre.example", "10.0.0.1")
    with pytest.raises(TargetRefused, match="neither"):
        guard.check(URL("ftp://hook.inre.example/x"))


def test_another_port_is_allowed_where_it_was_said() -> None:
    HttpGuard(any_port=True).check(URL("https://hook.example:8443/x"))


async def test_one_bad_address_among_good_ones_is_a_trick() -> None:
    resolver = GuardedResolver(HttpGuard(), Told(["1.1.1.1", "127.0.0.1"]))

    with pytest.raises(TargetRefused, match="inner network"):
        await resolver.resolve("push.example", 443)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "169.254.169.254"])
async def test_a_name_that_leads_inside_is_never_connected_to(address: str) -> None:
    client = HttpClient(ca_file=None, max_connections=1, deadline=MODERATE, guard=HttpGuard(), resolver=Told([address]))
    async with running(client):
        with pytest.raises(Forbidden, match="inner network"):
            await client.post("https://push.example/x", b"")
        with pytest.raises(Forbidden, match="inner network"):
            await client.connect("https://push.example/x")


async def test_a_name_that_changes_its_mind_is_asked_once_a_connection(
    credentials: Credentials, key_folder: Path
) -> None:
    """DNS rebinding: good when it is looked at, bad when it is used. Here the two are one."""
    tls: ssl.SSLContext = credentials.server_tls(key_folder)
    resolver = Told(["127.0.0.1"], ["10.0.0.1"])
    async with BadServer(answers_in_turn([answer(204, None)]), Manner.GOOD, tls=tls) as server:
        client = HttpClient(
            ca_file=str(key_folder / "ca.pem"),
            max_connections=1,
            deadline=MODERATE,
            guard=HttpGuard(["localhost"]),
            resolver=resolver,
        )
        async with running(client):
            first = await client.post(f"https://localhost:{server.port}/x", b"one")
            second = await client.post(f"https://localhost:{server.port}/x", b"two")

    assert (first.status, second.status) == (204, 204)
    assert resolver.asked == 1
    assert b"Host: localhost" in bytes(server.heard[0])


async def test_a_later_look_is_looked_at_again() -> None:
    resolver = Told(["1.1.1.1"], ["127.0.0.1"])
    guarded = GuardedResolver(HttpGuard(), resolver)

    assert [one["host"] for one in await guarded.resolve("push.example", 443)] == ["1.1.1.1"]
    with pytest.raises(TargetRefused):
        await guarded.resolve("push.example", 443)


async def test_a_redirect_into_the_inner_network_is_not_followed() -> None:
    async with (
        BadServer(answers_in_turn([answer(200, None)]), Manner.GOOD) as inner,
        BadServer(
            answers_in_turn([answer(302, None, f"Location: http://127.0.0.1:{inner.port}/")]), Manner.GOOD
        ) as outer,
    ):
        client = HttpClient(ca_file=None, max_connections=1, deadline=MODERATE, guard=HttpGuard(["localhost"]))
        async with running(client):
            answered = await client.post(f"http://localhost:{outer.port}/x", b"")

    assert answered.status == 302
    assert inner.heard == []


async def test_no_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    async with (
        BadServer(answers_in_turn([answer(200, None)]), Manner.GOOD) as proxy,
        BadServer(answers_in_turn([answer(204, None)]), Manner.GOOD) as server,
    ):
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        client = HttpClient(ca_file=None, max_connections=1, deadline=MODERATE, guard=HttpGuard(["localhost"]))
        async with running(client):
            answered = await client.post(f"http://localhost:{server.port}/x", b"")

    assert answered.status == 204
    assert proxy.heard == []


async def test_an_address_that_cannot_be_read_is_forbidden_in_words() -> None:
    client = HttpClient(ca_file=None, max_connections=1, deadline=timedelta(seconds=1), guard=HttpGuard())
    async with running(client):
        for url in ("https://[::1", "https://push.example:99999/x", "https://\udcff/"):
            with pytest.raises(Unreachable):
                await client.post(url, b"")
