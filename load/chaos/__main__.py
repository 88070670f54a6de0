"""python -m load.chaos: everything that goes wrong, on purpose, on this machine, and what became of the alarms."""

from __future__ import annotations

import asyncio
import contextlib
import shlex
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click
import uvloop

from larmcentral.clock import SystemClock
from larmcentral.logs import configure_logs
from load.chaos.drills import Drill, drills
from load.chaos.line import Line
from load.chaos.report import Night, as_json, as_text
from load.machine import this_machine
from load.processes import allow_many_files

INTERRUPTED: Final = 130
_STOPS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _tell(words: str) -> None:
    click.echo(f"  {words}", err=True)


@click.command()
@click.option("--rounds", default=50, show_default=True, help="Of kills.", type=click.IntRange(min=1))
@click.option("--only", "names", multiple=True, metavar="NAME", help="This drill alone; may be said several times.")
@click.option("--seed", default=1, show_default=True, help="Of everything that is left to chance.")
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="Write everything as JSON.")
def main(rounds: int, names: Sequence[str], seed: int, json_file: Path | None) -> None:
    """Play the drills one after another, each on a house of its own. Exit 1 if a fact does not hold."""
    configure_logs(level="critical", form="console")
    known = drills(rounds=rounds, seed=seed)
    if strangers := set(names) - known.keys():
        raise click.ClickException(f"no drill {', '.join(sorted(strangers))}; there are {', '.join(known)}")
    chosen = {name: drill for name, drill in known.items() if not names or name in names}
    allow_many_files()
    machine, began_at = this_machine(), SystemClock().now()
    lines: list[tuple[str, Line]] | None = None
    with (
        contextlib.suppress(asyncio.CancelledError, KeyboardInterrupt),
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        lines = runner.run(_to_the_end(chosen))
    if lines is None:
        click.echo("stopped; nothing is left running", err=True)
        sys.exit(INTERRUPTED)
    night = Night(shlex.join(["./dev", "chaos", *sys.argv[1:]]), began_at, machine, lines)
    if json_file is not None:
        json_file.write_text(as_json(night), "utf-8")
    click.echo(as_text(night))
    sys.exit(0 if night.holds else 1)


async def _to_the_end(chosen: dict[str, Drill]) -> list[tuple[str, Line]]:
    loop, task = asyncio.get_running_loop(), asyncio.current_task()

    def stop() -> None:
        for number in _STOPS:  # once: whoever presses Ctrl-C again must not interrupt the cleaning up
            loop.add_signal_handler(number, lambda: None)
        if task is not None:
            task.cancel()

    for number in _STOPS:
        loop.add_signal_handler(number, stop)
    said: list[tuple[str, Line]] = []
    for name, drill in chosen.items():
        _tell(f"drill: {name}")
        said += [(name, line) for line in await drill(_tell)]
    return said


if __name__ == "__main__":
    main()
