"""larmcentral verify: whether a case that was taken out is as it was, without a database and without settings."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from larmcentral.domain.case_proof import NotACase, judge, read_case

WHOLE, BROKEN, UNREADABLE = 0, 1, 2
LIMIT_BYTES: Final = 256 * 1024 * 1024
"""A case of 5,000 lines takes a few million; a file without end would only fill the memory."""


@click.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--last-hash", help="As it was noted elsewhere when the case was taken out, as on its printed form.")
@click.option("--seal", help="As this command said it when the case was taken out, and somebody noted it elsewhere.")
@click.pass_context
def verify(context: click.Context, file: Path, last_hash: str | None, seal: str | None) -> None:
    """Say whether a case's account is as it was written, one line a fault.

    Exits with 0 if it is, 1 if it is not, 2 if the file is no case.
    """
    try:
        verdict = judge(read_case(_content_of(file)), last_hash=last_hash, noted_seal=seal)
    except (NotACase, OSError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        click.echo(f"unreadable: {why}", err=True)
        context.exit(UNREADABLE)
    for fault in verdict.faults:
        click.echo(fault)
    if verdict.faults:
        context.exit(BROKEN)
    click.echo(f"ok: {verdict.entries} entries, last hash {verdict.last_hash}")
    click.echo(f"seal: {verdict.seal}")
    if last_hash is None:
        click.echo("the end of the account was held against nothing: give --last-hash")
    if seal is None:
        click.echo("facts, signals, notices and names were held against the account alone: give --seal")


def _content_of(file: Path) -> bytes:
    with file.open("rb") as stream:
        content = stream.read(LIMIT_BYTES + 1)
    if len(content) > LIMIT_BYTES:
        raise NotACase(f"larger than {LIMIT_BYTES} bytes")
    return content
