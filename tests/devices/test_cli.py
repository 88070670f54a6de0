"""The commands, as a person types them, against a receiver in another thread's loop."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from devices.cli import BUILDERS, FIRST_DEVICE, builder, devices
from devices.device import Device, DeviceSettings, Surroundings
from devices.tracker import Tracker
from tests.devices.scripted import LineTalk, Script, listening
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


async def test_a_scenario_is_played_line_by_line() -> None:
    async with watch_receiver(Receiver()) as receiver:
        result = await Prompt(receiver).run(
            "play", "--scenario", "at 0 remember 2 60; at 0.1 press", "--seconds", "0.5"
        )

    assert result.exit_code == 0, result.output
    assert "0.0 s  remember 2 60" in result.output
    assert "press acked after" in result.output


async def test_a_scenario_may_be_a_file_and_a_press_that_nobody_answers_is_exit_1(tmp_path: Path) -> None:
    file = tmp_path / "cellar.txt"
    file.write_text("# in the cellar\nat 0 lose-coverage 60\nat 0 press\n")
    async with watch_receiver(Receiver()) as receiver:
        result = await Prompt(receiver).run("play", "--scenario", f"@{file}", "--seconds", "0.2", "--give-up", "0.3")

    assert result.exit_code == 1
    assert "press not acked after 0 attempts" in result.output


async def test_a_mixed_fleet_is_one_command(monkeypatch: pytest.MonkeyPatch) -> None:
    def build(settings: DeviceSettings, world: Surroundings) -> Device:
        return Tracker(settings, world, LineTalk(answers=False))

    monkeypatch.setattr("devices.cli.builder", lambda name: builder(name) if name == "watch" else build)
    async with watch_receiver(Receiver()) as receiver, listening(Script()) as script:
        mix = ("--mix", f"watch={receiver.port}:3:8660001000", "--mix", f"h02={script.port}:2")
        timing = ("--ramp", "0.3", "--seconds", "0.3", "--presses", "30", "--seed", "7", "--retransmit", "2")
        result = await asyncio.to_thread(CliRunner().invoke, devices, ["fleet", *mix, *timing])

    assert result.exit_code == 0, result.output
    assert "5 devices started" in result.output
    assert "pressed 9, acked " in result.output
    assert ", sent " in result.output
    assert {signal.device for signal in receiver.signals} <= {"8660001000", "8660001001", "8660001002"}


async def test_a_protocol_without_an_ack_says_so_and_is_exit_0(monkeypatch: pytest.MonkeyPatch) -> None:
    def build(settings: DeviceSettings, world: Surroundings) -> Device:
        return Tracker(settings, world, LineTalk(answers=False))

    monkeypatch.setattr("devices.cli.builder", lambda name: build)
    async with listening(Script()) as script:
        pressed = ["man-down", "--protocol", "h02", "--port", str(script.port)]
        result = await asyncio.to_thread(CliRunner().invoke, devices, pressed)

    assert result.exit_code == 0
    assert "this protocol has no ack for it" in result.output


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["fleet"], "give either --protocol and --port, or --mix"),
        (["fleet", "--mix", "nothing=1:1"], "no protocol nothing"),
        (["fleet", "--mix", "watch=1"], "write PROTOCOL=PORT:COUNT"),
        (["fleet", "--mix", "watch=1:0"], "1 to 25000 devices"),
        (["fleet", "--mix", "watch=1:25000", "--mix", "h02=1:1"], "a fleet has 1 to 25000 devices"),
        (["play", "--protocol", "watch", "--port", "1", "--scenario", "at 0 dance"], "is no step"),
        (["play", "--protocol", "watch", "--port", "1", "--scenario", "@nowhere.txt"], "No such file"),
        (["fall", "--protocol", "h02", "--port", "1"], "h02 has no fall"),
        (["play", "--protocol", "h02", "--port", "1", "--scenario", "at 0 fall; at 900 press"], "h02 has no fall"),
        (["press", "--protocol", "h02", "--port", "1", "--set", "memory=much"], "option memory is a whole number"),
        (["fleet", "--protocol", "h02", "--port", "1", "--set", "memory=0"], "option memory is a whole number"),
        (["press", "--protocol", "h02", "--port", "1", "--set", "binary=1", "--device", "x"], "an id of ten digits"),
        (["man-down", "--protocol", "dc09", "--port", "1"], "has no man-down and remembers no old positions"),
    ],
)
def test_what_cannot_be_is_refused_in_words(arguments: list[str], why: str) -> None:
    result = CliRunner().invoke(devices, arguments)

    assert result.exit_code != 0
    assert why in result.output


def test_every_protocol_has_a_builder_and_a_first_device() -> None:
    assert BUILDERS.keys() == FIRST_DEVICE.keys()
    for name in BUILDERS:
        assert callable(builder(name))


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


def test_a_press_that_nobody_takes_says_so(nowhere: tuple[str, ...]) -> None:
    result = CliRunner().invoke(devices, ["press", "--protocol", "h02", *nowhere])

    assert result.exit_code == 1
    assert result.output == "sent    nothing\nanswer  none\nno ack after 0 attempts; no receiver answered\n"
