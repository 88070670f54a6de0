"""The commands `devices scene` and `devices say`: emulated people against a running demo on this machine."""

from __future__ import annotations

import asyncio
import json
import random
from pathlib import Path
from typing import Any

import aiohttp
import click

from devices.app import App, Refused
from devices.device import Address, NotLoopback, Surroundings
from devices.scenes import SCENES
from devices.stage import NothingHappened, Stage

_host = click.option("--host", default="127.0.0.1", show_default=True, help="Loopback only.")
_port = click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True, help="Of the web.")
_password = click.option("--password", default="prova-larmet", show_default=True, help="Everybody's in the demo.")


@click.command()
@click.argument("name", type=click.Choice(sorted(SCENES)))
@_host
@_port
@_password
@click.option("--pin", default="2468", show_default=True, help="The worker's, in the demo.")
@click.option("--duress-pin", default="8642", show_default=True, help="The worker's, in the demo.")
@click.option(
    "--addresses",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path(".local/demo/addresses.json"),
    show_default=True,
    help="Where the demo wrote the addresses of its local providers; for scenes that look there.",
)
def scene(name: str, host: str, port: int, password: str, pin: str, duress_pin: str, addresses: Path) -> None:
    """Play NAME against a running demo and tell what happens; exit 1 if it does not."""
    try:
        stage = Stage(Address(host, port), password, click.echo, pin, duress_pin, Surroundings(random.Random()))
        if addresses.exists():
            stage.peers = json.loads(addresses.read_text())["peers"]
        asyncio.run(SCENES[name](stage))
    except (NotLoopback, NothingHappened, Refused) as failed:
        raise click.ClickException(str(failed)) from None
    except aiohttp.ClientConnectionError:
        raise click.ClickException(f"nobody answers on {host}:{port}; start ./dev demo first") from None


@click.command()
@click.argument("path")
@_host
@_port
@_password
@click.option("--login", required=True, help="Who says it.")
@click.option("--body", default="{}", show_default=True, help="What is said, as JSON.")
def say(path: str, host: str, port: int, password: str, login: str, body: str) -> None:
    """Post one thing to the API as somebody: `say me/session/check-in --login anna`."""

    async def once() -> Any:
        async with App(Address(host, port), login, password) as app:
            return await app.post(path, json.loads(body))

    try:
        click.echo(json.dumps(asyncio.run(once()), ensure_ascii=False, indent=1))
    except (NotLoopback, Refused) as failed:
        raise click.ClickException(str(failed)) from None
    except ValueError:
        raise click.ClickException(f"that is no JSON: {body}") from None
    except aiohttp.ClientConnectionError:
        raise click.ClickException(f"nobody answers on {host}:{port}; start ./dev demo first") from None
