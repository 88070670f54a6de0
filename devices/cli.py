"""The commands `devices press`, `fall`, `check-in` and `fleet`: emulated devices against a receiver on this machine."""

from __future__ import annotations

import asyncio
import importlib
import random
import sys
from collections.abc import Callable
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
from devices.fleet import MAX_DEVICES, FleetPlan, run_fleet
from devices.scene_cli import say, scene

BUILDERS: Final = {
    "watch": "devices.watch:build",
    "osmand": "devices.phone:build",
    "owntracks": "devices.phone:build_owntracks",
    "dc09": "devices.panel:build",
}
FIRST_DEVICE: Final = {
    "watch": "8660000001",
    "osmand": "866000000000017",
    "owntracks": "anna/phone",
    "dc09": "1234",
}


def builder(protocol: str) -> Build:
    """Return what builds a device of this protocol; its module is loaded now."""
    module, _, name = BUILDERS[protocol].partition(":")
    build: Build = getattr(importlib.import_module(module), name)
    return build


def _addressed(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say which device calls whom."""
    for option in reversed(
        (
            click.option("--protocol", type=click.Choice(sorted(BUILDERS)), required=True),
            click.option("--host", default="127.0.0.1", show_default=True, help="Loopback only."),
            click.option("--port", type=click.IntRange(1, 65535), required=True),
            click.option("--backup-port", type=click.IntRange(1, 65535), help="A second receiver, tried in turn."),
            click.option("--device", help="The name that the device gives itself."),
            click.option("--secret", "--key", "secret", help="A phone's secret, or a panel's key in hex."),
            click.option("--give-up", "give_up_s", default=30.0, show_default=True, help="Seconds in all."),
            click.option("--retransmit", "retransmit_s", default=5.0, show_default=True, help="Seconds an attempt."),
            click.option("--set", "options", multiple=True, metavar="NAME=VALUE", help="What only one protocol knows."),
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


def _send(given: dict[str, Any], say: Callable[[Device], Any]) -> None:
    settings = _settings(given)

    async def once() -> Receipt:
        device = builder(given["protocol"])(settings, Surroundings(random.Random()))
        try:
            receipt: Receipt = await say(device)
            return receipt
        finally:
            await device.close()

    try:
        receipt = asyncio.run(once())
    except NotInProtocol as refused:
        raise click.ClickException(str(refused)) from None
    print(f"sent    {_shown(receipt.sent)}")
    print(f"answer  {_shown(receipt.answer) or 'none'}")
    if receipt.ack_ms is None:
        print(f"no ack after {receipt.attempts} attempts")
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


@devices.command()
@_addressed
@click.option("--count", type=click.IntRange(1, MAX_DEVICES), default=100, show_default=True)
@click.option("--ramp", "ramp_s", default=10.0, show_default=True, help="Seconds over which they connect.")
@click.option("--seconds", "run_s", default=60.0, show_default=True, help="How long they stay after that.")
@click.option("--presses", "presses_per_s", default=0.0, show_default=True, help="Presses a second, of any of them.")
@click.option("--seed", type=int, help="The same seed gives the same fleet.")
def fleet(count: int, ramp_s: float, run_s: float, presses_per_s: float, seed: int | None, **given: Any) -> None:
    """Run many devices that keep alive and now and then press; exit 1 if a press was not acked."""
    first, plan = _settings(given), FleetPlan(count, ramp_s, run_s, presses_per_s)
    surroundings = Surroundings(random.Random(seed))
    report = asyncio.run(run_fleet(builder(given["protocol"]), first, plan, surroundings, print))
    print(f"pressed {report.pressed}, acked {report.acked}")
    if report.ack_ms:
        shown = (f"{name} {report.percentile_ms(percent):.1f} ms" for name, percent in (("p50", 50), ("p99", 99)))
        print(", ".join((*shown, f"longest {max(report.ack_ms):.1f} ms")))
    if report.acked < report.pressed:
        sys.exit(1)


if __name__ == "__main__":
    devices()
