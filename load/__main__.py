"""python -m load PROFILE: the server under load on this machine, and what came of it."""

from __future__ import annotations

import asyncio
import contextlib
import shlex
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import click
import uvloop

from larmcentral.logs import configure_logs
from load.decoding import decoding_as_json, decoding_as_text, run_decoding
from load.handover import run_handover
from load.handover_report import handover_as_json, handover_as_text, handover_page
from load.html import page
from load.profile import Profile, ProfileError, load_profile
from load.report import as_json, as_text
from load.run import run
from load.timers import run_timers, timers_as_json, timers_as_text
from load.ways import run_ways
from load.ways_report import ways_as_json, ways_as_text, ways_page

INTERRUPTED = 130
_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@click.command()
@click.argument("profile")
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="Write everything as JSON.")
@click.option("--html", "html_file", type=click.Path(path_type=Path, dir_okay=False), help="Write a page with charts.")
@click.option("--statements", is_flag=True, help="Count SQL statements too (pg_stat_statements; costs a little).")
def main(profile: str, json_file: Path | None, html_file: Path | None, statements: bool) -> None:
    """Run PROFILE (steady, smoke, goal, timers, handover, ways, decoding, a TOML file).

    Exit 1 if a fact does not hold; no time decides, but in handover and decoding, where a missed target is one too.
    """
    configure_logs(level="error", form="console")
    if profile == "decoding":
        if html_file is not None or statements:
            raise click.ClickException("decoding has neither a page of charts nor statements: leave them out")
        _decoding(json_file)
    try:
        wanted = load_profile(profile)
    except ProfileError as error:
        raise click.ClickException(str(error)) from None
    command = shlex.join(["./dev", "load", *sys.argv[1:]])
    if wanted.timers and (html_file is not None or statements):
        raise click.ClickException("a profile of deadlines has neither a page of charts nor statements: leave them out")
    if (wanted.centres or wanted.ways) and statements:
        raise click.ClickException("a profile of centres or of ways out counts no statements: leave them out")

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
        return await _run(wanted, command, tell, statements=statements)

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


@dataclass(frozen=True, slots=True)
class Paper:
    """A result, written out. html: empty where a run has no page."""

    text: str
    json: str
    html: str
    holds: bool


async def _run(wanted: Profile, command: str, tell: Callable[[str], None], *, statements: bool) -> Paper:
    if wanted.timers:
        timers = await run_timers(wanted, command, tell)
        return Paper(timers_as_text(timers), timers_as_json(timers), "", timers.holds)
    if wanted.centres:
        handover = await run_handover(wanted, command, tell)
        words = handover_as_text(handover), handover_as_json(handover), handover_page(handover)
        return Paper(*words, handover.holds)
    if wanted.ways:
        ways = await run_ways(wanted, command, tell)
        return Paper(ways_as_text(ways), ways_as_json(ways), ways_page(ways), ways.holds)
    result = await run(wanted, command, tell, statements=statements)
    return Paper(as_text(result), as_json(result), page(result), result.holds)


if __name__ == "__main__":
    main()
