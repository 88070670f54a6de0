"""The commands, as a person types them, against a receiver in another thread's loop."""

from __future__ import annotations

import asyncio

import pytest
from click.testing import CliRunner, Result

from devices.cli import devices
from tests.fakes.receiver import Receiver, watch_receiver


class Prompt:
    """Runs a command beside the receiver, so that the test's loop is free to answer."""

    def __init__(self, receiver: Receiver) -> None:
        self.receiver = receiver

    async def run(self, *arguments: str) -> Result:
        """Run one command in a thread of its own."""
        shared = ("--protocol", "watch", "--port", str(self.receiver.port), "--retransmit", "0.2", "--give-up", "2")
        return await asyncio.to_thread(CliRunner().invoke, devices, [arguments[0], *shared, *arguments[1:]])


@pytest.mark.parametrize("command", ["press", "fall", "check-in"])
async def test_a_command_shows_what_was_sent_what_came_back_and_how_soon(command: str) -> None:
    async with watch_receiver(Receiver()) as receiver:
        result = await Prompt(receiver).run(command, "--device", "8660000077")

    sent, answer, acked = result.output.splitlines()
    assert result.exit_code == 0
    assert sent.startswith("sent    [3G*8660000077*")
    assert answer.startswith("answer  [3G*8660000077*0002*")
    assert acked.startswith("acked   ")
    assert " ms, attempt 1" in acked


async def test_no_ack_is_exit_1() -> None:
    async with watch_receiver(Receiver(mute_all=True)) as receiver:
        result = await Prompt(receiver).run("press", "--give-up", "0.3")

    assert result.exit_code == 1
    assert "answer  none\nno ack after 0 attempts" in result.output


async def test_a_fleet_tells_its_figures() -> None:
    async with watch_receiver(Receiver()) as receiver:
        result = await Prompt(receiver).run(
            "fleet", "--count", "20", "--ramp", "0.3", "--seconds", "0.3", "--presses", "10", "--seed", "7"
        )

    assert result.exit_code == 0
    assert "pressed 3, acked 3" in result.output
    assert "p99" in result.output


@pytest.fixture
def nowhere() -> tuple[str, ...]:
    """Arguments for a protocol and a port at which nobody listens."""
    return ("--port", "1", "--give-up", "0.1")


@pytest.mark.parametrize("host", ["192.0.2.1", "example.org", "0.0.0.0"])
def test_an_address_outside_this_machine_is_refused(host: str, nowhere: tuple[str, ...]) -> None:
    result = CliRunner().invoke(devices, ["press", "--protocol", "osmand", "--host", host, *nowhere])

    assert result.exit_code == 1
    assert "is not a loopback address" in result.output


def test_owntracks_says_that_it_has_no_alarm(nowhere: tuple[str, ...]) -> None:
    result = CliRunner().invoke(devices, ["press", "--protocol", "owntracks", *nowhere])

    assert result.exit_code == 1
    assert "owntracks has no press" in result.output


@pytest.mark.parametrize("protocol", ["osmand", "dc09"])
def test_every_protocol_has_its_device(protocol: str, nowhere: tuple[str, ...]) -> None:
    result = CliRunner().invoke(devices, ["press", "--protocol", protocol, *nowhere])

    assert result.exit_code == 1
    assert "no ack after" in result.output
