"""python -m load PROFILE: the server under load on this machine, and what came of it."""

from __future__ import annotations

import asyncio
import contextlib
import shlex
import signal
import sys
from pathlib import Path

import click
import uvloop

from larmcentral.logs import configure_logs
from load.html import page
from load.profile import ProfileError, load_profile
from load.report import as_json, as_text
from load.run import Result, run
from load.timers import TimersResult, run_timers, timers_as_json, timers_as_text

INTERRUPTED = 130
_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@click.command()
@click.argument("profile")
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="Write everything as JSON.")
@click.option("--html", "html_file", type=click.Path(path_type=Path, dir_okay=False), help="Write a page with charts.")
@click.option("--statements", is_flag=True, help="Count SQL statements too (pg_stat_statements; costs a little).")
def main(profile: str, json_file: Path | None, html_file: Path | None, statements: bool) -> None:
    """Run PROFILE (steady, smoke, goal, timers, a TOML file). Exit 1 if a fact does not hold; no time decides."""
    configure_logs(level="error", form="console")
    try:
        wanted = load_profile(profile)
    except ProfileError as error:
        raise click.ClickException(str(error)) from None
    command = shlex.join(["./dev", "load", *sys.argv[1:]])
    if wanted.timers and (html_file is not None or statements):
        raise click.ClickException("a profile of deadlines has neither a page of charts nor statements: leave them out")

    def tell(words: str) -> None:
        click.echo(f"  {words}", err=True)

    async def to_the_end() -> Result | TimersResult:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()

        def stop() -> None:
            for number in _STOPS:  # once: whoever presses Ctrl-C again must not interrupt the cleaning up
                loop.add_signal_handler(number, lambda: None)
            if task is not None:
                task.cancel()

        for number in _STOPS:
            loop.add_signal_handler(number, stop)
        if wanted.timers:
            return await run_timers(wanted, command, tell)
        return await run(wanted, command, tell, statements=statements)

    result: Result | TimersResult | None = None
    with (
        contextlib.suppress(asyncio.CancelledError, KeyboardInterrupt),
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        result = runner.run(to_the_end())
    if result is None:
        click.echo("stopped; nothing is left running", err=True)
        sys.exit(INTERRUPTED)
    if isinstance(result, TimersResult):
        if json_file is not None:
            json_file.write_text(timers_as_json(result), "utf-8")
        click.echo(timers_as_text(result))
        sys.exit(0 if result.holds else 1)
    if json_file is not None:
        json_file.write_text(as_json(result), "utf-8")
    if html_file is not None:
        html_file.write_text(page(result), "utf-8")
    click.echo(as_text(result))
    sys.exit(0 if result.holds else 1)


if __name__ == "__main__":
    main()
