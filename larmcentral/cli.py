"""The command line: serve, migrate, check-config, decode, admin, devices."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import click
import uvloop


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """larmcentral: a personal-safety alarm and lone-worker centre."""


config_option = click.option(
    "--config",
    "config_file",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="LARM_CONFIG",
    help="TOML file; without one the environment alone.",
)


@main.command()
@click.option("--role", type=click.Choice(["all", "receiver", "escalation", "web"]), default="all", show_default=True)
@config_option
def serve(role: str, config_file: Path | None) -> None:
    """Run the server until SIGINT or SIGTERM."""
    from larmcentral.assembly import Role, Server
    from larmcentral.logs import configure_logs

    config = _load(config_file)
    configure_logs(level=config.log.level, form=config.log.form)

    async def run() -> None:
        server = Server(config, Role(role))
        await server.start()
        try:
            await _until_told_to_stop()
        finally:
            await server.stop()

    _run(run())


@main.command("migrate")
@config_option
def migrate_command(config_file: Path | None) -> None:
    """Bring the database's schema up to this version; repeatable."""
    from larmcentral.assembly import database_dsns, embedded_dsn
    from larmcentral.store.migrate import migrate

    config = _load(config_file)

    async def run() -> None:
        if config.database.data_dir is not None:
            await embedded_dsn(config)
        else:
            await migrate(database_dsns(config)[0])

    _run(run())


@main.command("check-config")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def check_config_command(file: Path) -> None:
    """Say what is wrong with a settings file; exit 1 if anything is."""
    from larmcentral.check_config import check_config

    complaints = check_config(file)
    for complaint in complaints:
        click.echo(complaint)
    sys.exit(1 if complaints else 0)


@main.group()
def admin() -> None:
    """Users of the console."""


@admin.command("create-user")
@config_option
@click.argument("login")
@click.option("--name", required=True)
@click.option("--role", type=click.Choice(["worker", "responder", "operator", "manager", "admin"]), required=True)
@click.option("--committee", "committees", multiple=True, type=click.UUID, required=True)
@click.option("--person", type=click.UUID, help="Whose login it is; needed for workers and responders.")
@click.option("--language", type=click.Choice(["sv", "en"]), default="sv")
@click.password_option()
def create_user(config_file: Path | None, login: str, password: str, **user: Any) -> None:
    """Enter a user, or the same login again with a new password."""
    from larmcentral.administration import enter_user

    _run(enter_user(_load(config_file), login=login, password=password, **user))


def _load(config_file: Path | None) -> Any:
    from larmcentral.config_file import ConfigError, load_config

    try:
        return load_config(config_file)
    except ConfigError as error:
        raise click.ClickException("\n".join(error.complaints)) from None


async def _until_told_to_stop() -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told.set)
    await told.wait()


def _run(work: Coroutine[Any, Any, None]) -> None:
    with contextlib.suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work)


def _attach() -> None:
    from larmcentral.decode import decode

    main.add_command(decode)


@main.command(
    "devices",
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    add_help_option=False,
)
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
def devices_command(args: tuple[str, ...]) -> None:
    """Emulated devices: press, fall, check-in, fleet."""
    from devices.cli import devices

    devices.main(args=list(args), prog_name="larmcentral devices")


_attach()
