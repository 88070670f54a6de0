"""larmcentral verify: whether a case that was taken out is as it was, without a database and without settings."""

from __future__ import annotations

from pathlib import Path

import click

from larmcentral.domain.case_proof import NotACase, judge, read_case

WHOLE, BROKEN, UNREADABLE = 0, 1, 2


@click.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--last-hash", help="As it was noted elsewhere when the case was taken out, as on its printed form.")
@click.pass_context
def verify(context: click.Context, file: Path, last_hash: str | None) -> None:
    """Say whether a case's account is as it was written, one line a fault.

    Exits with 0 if it is, 1 if it is not, 2 if the file is no case.
    """
    try:
        verdict = judge(read_case(file.read_bytes()), last_hash=last_hash)
    except (NotACase, OSError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        click.echo(f"unreadable: {why}", err=True)
        context.exit(UNREADABLE)
    for fault in verdict.faults:
        click.echo(fault)
    if verdict.faults:
        context.exit(BROKEN)
    click.echo(f"ok: {verdict.entries} entries, last hash {verdict.last_hash}")
