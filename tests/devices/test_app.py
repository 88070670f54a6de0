"""An emulated person's app against an HTTP server that plays the centre."""

from __future__ import annotations

from uuid import UUID

import aiohttp
import pytest

from devices.app import App, Refused
from devices.device import Address, NotLoopback
from tests.fakes.centre import PASSWORD, Centre, free_port, open_centre

SIGNAL = UUID("7a9b2b52-5f0a-4d2e-8c39-0d6a5f6f6a01")


async def test_it_logs_in_once_and_is_known_from_then_on() -> None:
    async with open_centre(Centre()) as centre, App(Address("127.0.0.1", centre.port), "anna", PASSWORD) as app:
        assert await app.get("me") == {"person_id": "p-anna"}
        assert await app.post("me/session/end", {}) is None, "an answer without a body is nothing"
    assert [(who, method, path) for who, method, path, _ in centre.asked] == [
        ("", "POST", "session"),
        ("anna", "GET", "me"),
        ("anna", "POST", "me/session/end"),
    ]


async def test_a_signal_goes_under_the_name_it_was_given_so_that_a_repeat_is_known() -> None:
    async with open_centre(Centre()) as centre, App(Address("127.0.0.1", centre.port), "anna", PASSWORD) as app:
        for _ in range(2):
            await app.send("panic", SIGNAL, silent=True)
    assert centre.bodies("me/signals") == [{"id": str(SIGNAL), "kind": "panic", "silent": True}] * 2


async def test_a_no_is_told_with_its_number_and_its_words() -> None:
    async with open_centre(Centre()) as centre, App(Address("127.0.0.1", centre.port), "anna", PASSWORD) as app:
        for asking in (app.get("nowhere"), app.put("nowhere", {}), app.delete("nowhere")):
            with pytest.raises(Refused) as refused:
                await asking
            assert (refused.value.status, refused.value.said) == (404, '{"reason": "not_found"}')
    assert [method for _, method, path, _ in centre.asked if path == "nowhere"] == ["GET", "PUT", "DELETE"]


async def test_with_a_wrong_password_nobody_is_let_in_and_nothing_is_left_open() -> None:
    async with open_centre(Centre()) as centre:
        app = App(Address("127.0.0.1", centre.port), "anna", "fel")
        with pytest.raises(Refused, match="401"):
            await app.__aenter__()
        with pytest.raises(RuntimeError, match="closed"):
            await app.get("me")


async def test_a_centre_that_points_elsewhere_is_not_followed() -> None:
    async with open_centre(Centre()) as other, open_centre(Centre()) as centre:
        centre.redirect = f"http://127.0.0.1:{other.port}/api/session"
        with pytest.raises(Refused, match="307"):
            async with App(Address("127.0.0.1", centre.port), "anna", PASSWORD):
                pass
    assert other.asked == [], "a password goes to nobody but the one it was meant for"


async def test_where_nobody_answers_it_says_so() -> None:
    with pytest.raises(aiohttp.ClientConnectionError):
        async with App(Address("127.0.0.1", free_port()), "anna", PASSWORD):
            pass


@pytest.mark.parametrize("host", ["192.0.2.1", "example.org", "0.0.0.0", "::"])
def test_it_calls_nobody_outside_this_machine(host: str) -> None:
    with pytest.raises(NotLoopback):
        App(Address(host, 8080), "anna", PASSWORD)


async def test_it_is_used_as_a_context() -> None:
    with pytest.raises(AssertionError, match="context"):
        await App(Address("::1", 8080), "anna", PASSWORD).get("me")
