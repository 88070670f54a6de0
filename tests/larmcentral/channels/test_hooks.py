"""Addresses by name, each with a client of its own."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from larmcentral.channels.hooks import Hooks, HookTarget, UnknownHook, check_names
from larmcentral.channels.http_client import HttpAnswer
from larmcentral.domain.notice import Delivery, DeliveryState, Probe
from tests.fakes.bad_server import BadServer, Manner, closed_port
from tests.larmcentral.channels.http_cases import answer, answers_in_turn
from tests.larmcentral.channels.support import MODERATE, PATIENT, running, until


def private(port: int) -> HookTarget:
    return HookTarget(url=f"http://127.0.0.1:{port}/x", allow_private=True)


async def test_a_name_that_the_settings_do_not_know_is_refused_in_words() -> None:
    hooks = Hooks({"vakt": private(1)}, MODERATE)

    delivery = await hooks.post("x" * 100, b"", {})

    assert delivery == Delivery(state=DeliveryState.REFUSED, reason=f"no hook called {'x' * 32} in the settings")
    with pytest.raises(UnknownHook):
        hooks.target("ledning")


async def test_the_inner_network_is_closed_unless_it_was_allowed() -> None:
    async with BadServer(answers_in_turn([answer(204, None)]), Manner.GOOD) as server:
        targets = {
            "open": private(server.port),
            "closed": HookTarget(url=f"http://127.0.0.1:{server.port}/x"),
            "inside": HookTarget(url="https://10.0.0.7/x"),
        }
        async with running(Hooks(targets, MODERATE)) as hooks:
            good = await hooks.post("open", b"", {})
            refused = [await hooks.post(name, b"", {}) for name in ("closed", "inside")]

    assert isinstance(good, HttpAnswer)
    assert [one.state for one in refused if isinstance(one, Delivery)] == [DeliveryState.REFUSED] * 2
    assert len(server.heard) == 1


async def test_none_waits_for_another() -> None:
    async with (
        BadServer(answers_in_turn([answer(204, None)]), Manner.SILENT) as slow,
        BadServer(answers_in_turn([answer(204, None)]), Manner.GOOD) as well,
        running(Hooks({"slow": private(slow.port), "well": private(well.port)}, PATIENT)) as hooks,
    ):
        stuck = [asyncio.create_task(hooks.post("slow", b"", {})) for _ in range(30)]
        await until(lambda: len(slow.heard) == 8)
        answered = [await hooks.post("well", b"", {}) for _ in range(20)]
        for task in stuck:
            task.cancel()
        await asyncio.wait(stuck)

    assert all(isinstance(one, HttpAnswer) for one in answered)


async def test_the_probe_is_alive_while_one_of_them_is() -> None:
    async with BadServer(answers_in_turn([answer(204, None)]), Manner.GOOD) as server:
        both = {"open": private(server.port), "shut": private(closed_port())}
        async with running(Hooks(both, MODERATE)) as hooks:
            some = await hooks.probe()
        async with running(Hooks({"shut": private(closed_port())}, MODERATE)) as hooks:
            none = await hooks.probe()

    assert (some.alive, some.reason.startswith("shut: cannot connect")) == (True, True)
    assert not none.alive
    assert await Hooks({}, timedelta(seconds=1)).probe() == Probe(alive=True)


def test_settings_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        check_names(())
    with pytest.raises(ValueError, match="hook vakt names no host"):
        Hooks({"vakt": HookTarget(url="not a url")}, MODERATE)


def test_the_address_is_a_secret() -> None:
    target = HookTarget(url="https://hook.example/a-secret", secret="another one")

    assert "secret" not in repr(target).replace("allow", "")
    assert "another" not in repr(target)
