"""python -m load PROFILE: the server under load on this machine, and what came of it."""

from __future__ import annotations

import asyncio
import contextlib
import shlex
import signal
import sys
from pathlib import Path
from typing import NoReturn

import click
import uvloop

from larmcentral.logs import configure_logs
from load.decoding import decoding_as_json, decoding_as_text, run_decoding
from load.kinds import Asked, run_profile
from load.paper import Paper
from load.profile import ProfileError, load_profile

INTERRUPTED = 130
_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@click.command()
@click.argument("profile")
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="Write everything as JSON.")
@click.option("--html", "html_file", type=click.Path(path_type=Path, dir_okay=False), help="Write a page with charts.")
@click.option("--statements", is_flag=True, help="Count SQL statements too (pg_stat_statements; costs a little).")
@click.option("--generators", type=click.IntRange(1, 64), help="Processes that press; else as profiled.")
def main(
    profile: str, json_file: Path | None, html_file: Path | None, statements: bool, generators: int | None
) -> None:
    """Run PROFILE: steady, town, ramp, smoke or another of load/profiles, decoding, or a TOML file.

    Exit 1 if a fact does not hold; no time decides, but in handover and decoding, where a missed target is one too.
    """
    configure_logs(level="error", form="console")
    if profile == "decoding":
        if html_file is not None or statements:
            raise click.ClickException("decoding has neither a page of charts nor statements: leave them out")
        _decoding(json_file)
    try:
        wanted = load_profile(profile, generators)
    except ProfileError as error:
        raise click.ClickException(str(error)) from None
    command = shlex.join(["./dev", "load", *sys.argv[1:]])
    if wanted.timers and (html_file is not None or statements):
        raise click.ClickException("a profile of deadlines has neither a page of charts nor statements: leave them out")
    if (wanted.centres or wanted.ways or wanted.plan) and statements:
        raise click.ClickException("only a run of presses counts statements: leave them out")

    def tell(words: str) -> None:
        click.echo(f"  {words}", err=True)

    async def to_the_end() -> Paper:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()

        def stop() -> None:
            for number in _STOPS:  # once: whoever presses Ctrl-C again must not interrupt the cleaning up
                loop.add_signal_handler(number, lambda: None)
            if task is not None:
                task.cancel()

        for number in _STOPS:
            loop.add_signal_handler(number, stop)
        return await run_profile(wanted, Asked(command, statements), tell)

    paper: Paper | None = None
    with (
        contextlib.suppress(asyncio.CancelledError, KeyboardInterrupt),
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        paper = runner.run(to_the_end())
    if paper is None:
        click.echo("stopped; nothing is left running", err=True)
        sys.exit(INTERRUPTED)
    if json_file is not None:
        json_file.write_text(paper.json, "utf-8")
    if html_file is not None:
        html_file.write_text(paper.html, "utf-8")
    click.echo(paper.text)
    sys.exit(0 if paper.holds else 1)


def _decoding(json_file: Path | None) -> NoReturn:
    """Measure the decoders: no server, no clock of anybody's, only this process."""
    result = run_decoding(shlex.join(["./dev", "load", *sys.argv[1:]]))
    if json_file is not None:
        json_file.write_text(decoding_as_json(result), "utf-8")
    click.echo(decoding_as_text(result))
    sys.exit(0 if result.holds else 1)


if __name__ == "__main__":
    main()
