"""The commands `devices press`, `fall`, `man-down`, `check-in`, `play` and `fleet`: emulated devices against a receiver
on this machine."""

from __future__ import annotations

import asyncio
import importlib
import random
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import click

from devices.device import (
    Address,
    Build,
    Device,
    DeviceSettings,
    NotInProtocol,
    NotLoopback,
    Receipt,
    Surroundings,
)
from devices.fleet import MAX_DEVICES, FleetPlan, Share, run_mixed
from devices.play import Movable, play, wearable
from devices.scenario import Step
from devices.scenario_text import NotAScenario, lasts_s, parse_scenario
from devices.scene_cli import say, scene
from protocols.errors import LocalProtocolError

BUILDERS: Final = {
    "watch": "devices.watch:build",
    "gt06": "devices.gt06:build",
    "topin": "devices.topin:build",
    "eelink": "devices.eelink:build",
    "minifinder": "devices.minifinder:build",
    "minifinder2": "devices.minifinder2:build",
    "teltonika": "devices.teltonika:build",
    "gl200": "devices.gl200:build",
    "meitrack": "devices.meitrack:build",
    "osmand": "devices.phone:build",
    "owntracks": "devices.phone:build_owntracks",
    "dc09": "devices.panel:build",
    "sos_access": "devices.sos_access:build",
    "mqtt": "devices.mqtt:build",
    "mqtt_phone": "devices.mqtt:build_phone",
    "scaip": "devices.scaip:build",
    "h02": "devices.h02:build",
}
FIRST_DEVICE: Final = {
    "watch": "8660000001",
    "gt06": "866000000000017",
    "topin": "866000000000017",
    "eelink": "866000000000017",
    "minifinder": "866000000000017",
    "minifinder2": "866000000000017",
    "teltonika": "866000000000017",
    "gl200": "866000000000017",
    "meitrack": "866000000000017",
    "osmand": "866000000000017",
    "owntracks": "anna/phone",
    "dc09": "1234",
    "sos_access": "4711",
    "mqtt": "70B3D57ED0000017",
    "mqtt_phone": "owntracks/anna/phone",
    "scaip": "4670000017",
    "h02": "8660000017",
}


def builder(protocol: str) -> Build:
    """Return what builds a device of this protocol; its module is loaded now."""
    module, _, name = BUILDERS[protocol].partition(":")
    build: Build = getattr(importlib.import_module(module), name)
    return build


def _addressed(command: Callable[..., None], required: bool = True) -> Callable[..., None]:
    """Give a command the options that say which device calls whom."""
    for option in reversed(
        (
            click.option("--protocol", type=click.Choice(sorted(BUILDERS)), required=required),
            click.option("--host", default="127.0.0.1", show_default=True, help="Loopback only."),
            click.option("--port", type=click.IntRange(1, 65535), required=required),
            click.option("--backup-port", type=click.IntRange(1, 65535), help="A second receiver, tried in turn."),
            click.option("--device", help="The name that the device gives itself."),
            click.option("--secret", "--key", "secret", help="A phone's secret, or a panel's key in hex."),
            click.option("--give-up", "give_up_s", default=30.0, show_default=True, help="Seconds in all."),
            click.option("--retransmit", "retransmit_s", default=5.0, show_default=True, help="Seconds an attempt."),
            click.option("--set", "options", multiple=True, metavar="NAME=VALUE", help="Such as indoors=1 or udp=1."),
        )
    ):
        command = option(command)
    return command


def _settings(given: dict[str, Any]) -> DeviceSettings:
    ports = [given["port"], *([given["backup_port"]] if given["backup_port"] else [])]
    options = dict(pair.partition("=")[::2] for pair in given["options"])
    try:
        return DeviceSettings(
            device=given["device"] or FIRST_DEVICE[given["protocol"]],
            addresses=tuple(Address(given["host"], port) for port in ports),
            secret=given["secret"],
            give_up_s=given["give_up_s"],
            retransmit_s=given["retransmit_s"],
            options=options,
        )
    except NotLoopback as refused:
        raise click.ClickException(str(refused)) from None


def _built(build: Build, settings: DeviceSettings, surroundings: Surroundings) -> Device:
    """Build a device; refuse settings that none could live with."""
    try:
        return build(settings, surroundings)
    except (ValueError, LocalProtocolError) as refused:
        raise click.ClickException(str(refused)) from None


def _send(given: dict[str, Any], say: Callable[[Device], Any]) -> None:
    settings = _settings(given)

    async def once() -> Receipt:
        device = _built(builder(given["protocol"]), settings, Surroundings(random.Random()))
        try:
            receipt: Receipt = await say(device)
            return receipt
        finally:
            await device.close()

    try:
        receipt = asyncio.run(once())
    except (NotInProtocol, LocalProtocolError) as refused:
        raise click.ClickException(str(refused)) from None
    print(f"sent    {_shown(receipt.sent) or 'nothing'}")
    print(f"answer  {_shown(receipt.answer) or 'none'}")
    if receipt.ack_ms is None and receipt.done:
        print("sent    this protocol has no ack for it: whether it arrived only the receiver knows")
        return
    if receipt.ack_ms is None:
        print(f"no ack after {receipt.attempts} attempts" + ("" if receipt.attempts else "; no receiver answered"))
        sys.exit(1)
    print(f"acked   {receipt.ack_ms:.1f} ms, attempt {receipt.attempts}")


def _shown(octets: bytes) -> str:
    """Return bytes as text if they are, else as hex."""
    text = octets.decode("utf-8", "replace").strip()
    return text if text.replace("\r\n", "").replace("\n", "").isprintable() else octets.hex()


@click.group()
def devices() -> None:
    """Emulated watches, phones, panels and people. They call loopback addresses only."""


devices.add_command(scene)
devices.add_command(say)


@devices.command()
@_addressed
def press(**given: Any) -> None:
    """Press the alarm button once; exit 1 if no ack came."""
    _send(given, lambda device: device.press())


@devices.command()
@_addressed
def fall(**given: Any) -> None:
    """Fall once; exit 1 if no ack came."""
    _send(given, lambda device: device.fall())


@devices.command("check-in")
@_addressed
def check_in(**given: Any) -> None:
    """Say once that all is well; exit 1 if no ack came."""
    _send(given, lambda device: device.check_in())


@devices.command("man-down")
@_addressed
def man_down(**given: Any) -> None:
    """Lie still for too long, once; exit 1 if no ack came."""
    _send(given, lambda device: wearable(device).man_down())


@devices.command("play")
@_addressed
@click.option("--scenario", required=True, metavar="STEPS", help='Such as "at 0 remember 30 60; at 2 press".')
@click.option("--seconds", "for_s", type=float, help="How long in all; else until all is done, and 5 s more.")
def play_(scenario: str, for_s: float | None, **given: Any) -> None:
    """Play a scenario on one device, a line for each happening; exit 1 if an alarm was not acked.

    \b
    STEPS are parted by ; or are lines of a file given as @FILE, where # begins a comment:
      at SECONDS press | fall | man-down | check-in
      at SECONDS walk COURSE METRES_PER_S SECONDS
      at SECONDS lose-coverage SECONDS
      at SECONDS drain PERCENT
      at SECONDS reboot SECONDS
      at SECONDS answer-late SECONDS_LATE SECONDS
      at SECONDS remember RECORDS SECONDS_APART
    """
    steps = _steps(scenario)
    for_s = lasts_s(steps) + 5 if for_s is None else for_s
    settings = _settings(given)
    settings = replace(settings, give_up_s=max(settings.give_up_s, for_s))  # a real one tries as long as it lives
    surroundings = Surroundings(random.Random())

    async def played() -> list[Receipt]:
        device = _built(builder(given["protocol"]), settings, surroundings)
        if not isinstance(device, Movable):
            raise NotInProtocol("this kind of device plays no scenarios")
        running = asyncio.create_task(device.run())
        try:
            return await play(device, steps, for_s, surroundings, tell=print)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await device.close()

    try:
        receipts = asyncio.run(played())
    except (NotInProtocol, LocalProtocolError) as refused:
        raise click.ClickException(str(refused)) from None
    if not all(receipt.done for receipt in receipts):
        sys.exit(1)


def _steps(written: str) -> list[Step]:
    try:
        return parse_scenario(Path(written[1:]).read_text() if written.startswith("@") else written)
    except (NotAScenario, OSError, UnicodeDecodeError) as refused:
        raise click.ClickException(str(refused)) from None


@devices.command()
@lambda command: _addressed(command, required=False)
@click.option("--count", type=click.IntRange(1, MAX_DEVICES), default=100, show_default=True)
@click.option(
    "--mix",
    multiple=True,
    metavar="PROTOCOL=PORT:COUNT[:FIRST_DEVICE]",
    help="Instead of --protocol, --port and --count; may be repeated.",
)
@click.option("--ramp", "ramp_s", default=10.0, show_default=True, help="Seconds over which they connect.")
@click.option("--seconds", "run_s", default=60.0, show_default=True, help="How long they stay after that.")
@click.option("--presses", "presses_per_s", default=0.0, show_default=True, help="Presses a second, of any of them.")
@click.option("--keepalive", "keepalive_s", default=60.0, show_default=True, help="Seconds between signs of life.")
@click.option("--seed", type=int, help="The same seed gives the same fleet.")
def fleet(
    count: int,
    mix: tuple[str, ...],
    ramp_s: float,
    run_s: float,
    presses_per_s: float,
    keepalive_s: float,
    seed: int | None,
    **given: Any,
) -> None:
    """Run many devices that keep alive and now and then press; exit 1 if a press was not acked."""
    if bool(mix) == bool(given["protocol"] and given["port"]):
        raise click.UsageError("give either --protocol and --port, or --mix")
    shares = [_share(one, given) for one in mix] or [Share(builder(given["protocol"]), _settings(given), count)]
    shares = [replace(share, first=replace(share.first, keepalive_s=keepalive_s)) for share in shares]
    try:
        plan = FleetPlan(sum(share.count for share in shares), ramp_s, run_s, presses_per_s)
    except ValueError as refused:
        raise click.ClickException(str(refused)) from None
    for share in shares:
        _built(share.build, share.first, Surroundings(random.Random()))
    report = asyncio.run(run_mixed(shares, plan, Surroundings(random.Random(seed)), print))
    print(f"pressed {report.pressed}, acked {report.acked}" + (f", sent {report.sent}" if report.sent else ""))
    if report.ack_ms:
        shown = (f"{name} {report.percentile_ms(percent):.1f} ms" for name, percent in (("p50", 50), ("p99", 99)))
        print(", ".join((*shown, f"longest {max(report.ack_ms):.1f} ms")))
    if report.acked + report.sent < report.pressed:
        sys.exit(1)


def _share(written: str, given: dict[str, Any]) -> Share:
    protocol, _, rest = written.partition("=")
    port, count, device = (*rest.split(":", 2), "", "")[:3]
    if protocol not in BUILDERS:
        raise click.UsageError(f"{written}: no protocol {protocol}; there are {', '.join(sorted(BUILDERS))}")
    if not (port.isascii() and port.isdigit() and count.isascii() and count.isdigit() and 0 < int(port) < 65536):
        raise click.UsageError(f"{written}: write PROTOCOL=PORT:COUNT or PROTOCOL=PORT:COUNT:FIRST_DEVICE")
    if not 0 < int(count) <= MAX_DEVICES:
        raise click.UsageError(f"{written}: 1 to {MAX_DEVICES} devices")
    return Share(
        builder(protocol), _settings({**given, "protocol": protocol, "port": int(port), "device": device}), int(count)
    )


if __name__ == "__main__":
    devices()
