"""The command line: serve, migrate, check-config, decode, verify, admin, who-is-called, devices."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import sys
from collections.abc import Coroutine
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import click
import uvloop

T = TypeVar("T")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """larmcentral: a personal-safety alarm and lone-worker centre."""


class IdOrName(click.ParamType[UUID | str]):
    """What has an id may be called by its name."""

    name = "id or name"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> UUID | str:
        """Return an id where it is one. A name of nothing but spaces is none."""
        try:
            return UUID(str(value))
        except ValueError:
            pass
        said = str(value).strip()
        return said or self.fail("an id or a name", param, ctx)


ID_OR_NAME = IdOrName()

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
    from larmcentral.assembly import Server
    from larmcentral.assembly_house import Role
    from larmcentral.assembly_secrets import SealingUnusable
    from larmcentral.collecting import keep_out_of_the_way
    from larmcentral.logs import configure_logs

    config = _load(config_file)
    configure_logs(level=config.log.level, form=config.log.form)
    keep_out_of_the_way()

    async def run() -> None:
        server = Server(config, Role(role))
        try:
            await server.start()
        except SealingUnusable as unusable:
            raise click.ClickException(str(unusable)) from None
        try:
            await _until_told_to_stop()
        finally:
            await server.stop()

    _run(run())


@main.command("migrate")
@config_option
def migrate_command(config_file: Path | None) -> None:
    """Bring the database's schema up to this version; repeatable."""
    from larmcentral.assembly_database import database_dsns, embedded_dsn
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
    """Users of the console, PINs of workers, passwords at centres, models of devices."""


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


@admin.command("set-pin")
@config_option
@click.argument("person", type=click.UUID)
@click.option("--pin", prompt=True, hide_input=True, confirmation_prompt=True)
@click.option("--duress-pin", prompt=True, hide_input=True, confirmation_prompt=True)
def set_pin_command(config_file: Path | None, person: UUID, pin: str, duress_pin: str) -> None:
    """Give a worker a PIN, and one that looks the same and calls for help: 4 to 8 digits each."""
    from larmcentral.administration import set_pin

    for one in (pin, duress_pin):
        if not re.fullmatch(r"[0-9]{4,8}", one):
            raise click.UsageError("a PIN is 4 to 8 digits")
    if pin == duress_pin:
        raise click.UsageError("the two PINs must differ")
    _asked(set_pin(_load(config_file), person=person, pin=pin, duress_pin=duress_pin))


@admin.command("renew-centre-password")
@config_option
@click.argument("forwarder")
def renew_centre_password_command(config_file: Path | None, forwarder: str) -> None:
    """Exchange the installer's password at a centre that speaks SOS Access for one that nobody has seen."""
    from larmcentral.administration_centres import renew_centre_password

    try:
        done, words = _asked(renew_centre_password(_load(config_file), forwarder))
    except LookupError as error:
        raise click.ClickException(str(error)) from None
    if not done:
        raise click.ClickException(f"not renewed, the old one stays: {words}")
    click.echo(words)


@admin.command("device-password")
@config_option
@click.argument("account")
@click.option("--drawn", is_flag=True, help="Draw one and print it; else it is asked for.")
def device_password_command(config_file: Path | None, account: str, drawn: bool) -> None:
    """Give a transmitter that speaks SOS Access a fresh password of 15 signs, as when a unit is replaced."""
    from larmcentral.administration import give_device_password
    from larmcentral.assembly_secrets import SealingUnusable
    from protocols.sos_access.fields import PASSWORD_SIGNS
    from protocols.sos_access.passwords import draw_password

    password = (
        draw_password(os.urandom)
        if drawn
        else click.prompt("Password", hide_input=True, confirmation_prompt=True, type=str)
    )
    if len(password) != PASSWORD_SIGNS or not all(" " < sign < "\x7f" for sign in password):
        raise click.UsageError(f"a password is exactly {PASSWORD_SIGNS} printable signs without blanks")
    try:
        _asked(give_device_password(_load(config_file), account=account, password=password))
    except SealingUnusable as unusable:
        raise click.ClickException(str(unusable)) from None
    if drawn:
        click.echo(password)


@admin.group("models")
def models() -> None:
    """Which model a device is, by the beginning of its IMEI."""


@models.command("list")
@config_option
def list_models_command(config_file: Path | None) -> None:
    """Show what is known, one prefix a line."""
    from larmcentral.administration_models import list_models

    for prefix, model in _asked(list_models(_load(config_file))).items():
        click.echo(f"{prefix:15}  {model}")


@models.command("set")
@config_option
@click.argument("imei_prefix")
@click.argument("model")
def set_model_command(config_file: Path | None, imei_prefix: str, model: str) -> None:
    """Say that devices whose IMEI begins so are of this model; the longest prefix wins."""
    from larmcentral.administration_models import set_model

    if not re.fullmatch(r"[0-9]{4,15}", imei_prefix):
        raise click.UsageError("a prefix is 4 to 15 digits of an IMEI")
    if not 1 <= len(model.strip()) <= 80:
        raise click.UsageError("a model is 1 to 80 signs")
    _asked(set_model(_load(config_file), imei_prefix=imei_prefix, model=model.strip()))


@models.command("remove")
@config_option
@click.argument("imei_prefix")
def remove_model_command(config_file: Path | None, imei_prefix: str) -> None:
    """Forget a prefix: its devices are of no known model then, and alarm on doubt."""
    from larmcentral.administration_models import remove_model

    _asked(remove_model(_load(config_file), imei_prefix=imei_prefix))


@main.command("who-is-called")
@config_option
@click.option("--person", type=ID_OR_NAME, help="Whose alarm it is: id or name.")
@click.option("--unit", type=ID_OR_NAME, help="Of which unit, where no person is meant: id or name.")
@click.option("--committee", type=ID_OR_NAME, help="Of which committee: id or name; else theirs, or the house's own.")
@click.option("--kind", default="panic", show_default=True, help="As in the timeline: fall, missed_check_in ...")
@click.option("--at", type=click.DateTime(["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"]), help="Wall clock here; else now.")
@click.option("--silent", is_flag=True)
def who_is_called_command(
    config_file: Path | None,
    person: UUID | str | None,
    unit: UUID | str | None,
    committee: UUID | str | None,
    kind: str,
    at: datetime | None,
    silent: bool,
) -> None:
    """Say who would be called for an alarm, and when, if nobody answered. Calls nobody."""
    from escalation.alarm import AlarmKind
    from larmcentral.administration import said, who_is_called

    kinds = {one.value: one for one in AlarmKind}
    if kind not in kinds:
        raise click.BadParameter(f"one of {', '.join(kinds)}", param_hint="--kind")
    asked = who_is_called(
        _load(config_file), person=person, unit=unit, committee=committee, kind=kinds[kind], silent=silent, at=at
    )
    for call in _asked(asked):
        click.echo(said(call))


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


def _asked(work: Coroutine[Any, Any, T]) -> T:
    """Carry out what may be refused, and say so in words."""
    from escalation.incident import Refused
    from larmcentral.domain.errors import NotFound
    from larmcentral.store.named import Unclear

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        try:
            return runner.run(work)
        except Unclear as error:
            raise click.ClickException(str(error)) from None
        except NotFound as error:
            raise click.ClickException(f"not found: {error}") from None
        except Refused as refused:
            raise click.ClickException(f"refused: {refused.reason}") from None


def _attach() -> None:
    from larmcentral.decode import decode
    from larmcentral.verify import verify

    main.add_command(decode)
    main.add_command(verify)


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
