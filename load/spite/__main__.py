"""python -m load.spite: every attack on every listener, one line of figures each."""

from __future__ import annotations

import asyncio
import json
import shlex
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click
import uvloop

from larmcentral.clock import SystemClock
from larmcentral.logs import configure_logs
from load.chaos.line import Line
from load.machine import this_machine
from load.processes import allow_many_files
from load.spite.drills import DRILLS
from load.spite.night import SECONDS, spite


@click.command()
@click.option("--only", multiple=True, metavar="NAME", help="Only drills whose name begins so; may be said again.")
@click.option("--seconds", default=SECONDS, show_default=True, help="How long each attack goes on.")
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="Write everything as JSON.")
@click.option("--list", "listed", is_flag=True, help="Say which drills there are.")
def main(only: tuple[str, ...], seconds: float, json_file: Path | None, listed: bool) -> None:
    """Attack the server's listeners, while the enrolled press. Exit 1 if a fact does not hold; no time decides."""
    chosen = [drill for drill in DRILLS if not only or drill.name.startswith(only)]
    if listed or not chosen:
        click.echo("\n".join(drill.name for drill in DRILLS))
        sys.exit(0 if listed else 2)
    configure_logs(level="error", form="console")
    allow_many_files()
    begun_at = SystemClock().now()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        lines = runner.run(spite(_tell, chosen, seconds, _say))
    command = shlex.join(["python", "-m", "load.spite", *sys.argv[1:]])
    if json_file is not None:
        json_file.write_text(as_json(lines, command, begun_at), "utf-8")
    sys.exit(0 if all(line.holds for line in lines) else 1)


def _tell(words: str) -> None:
    click.echo(f"  {words}", err=True)


def _say(line: Line) -> None:
    for words in in_words(line):
        click.echo(words)


def in_words(line: Line) -> list[str]:
    """Return a drill's line, and one more for each fact that does not hold and each figure beyond what was wanted."""
    words = [f"{line.drill:32} {line.figures}"]
    words += [f"  does not hold: {one.what}: {one.found}" for one in line.checks if not one.holds]
    return words + [f"  short of: {one.what}: {one.found:.2f} of {one.limit:g}" for one in line.wanted if one.ratio > 1]


def as_json(lines: list[Line], command: str, at: datetime) -> str:
    """Return everything, with the machine and the command."""
    said = {
        "command": command,
        "at": at.isoformat(),
        "machine": asdict(this_machine()),
        "holds": all(line.holds for line in lines),
        "drills": [asdict(line) | {"holds": line.holds} for line in lines],
    }
    return json.dumps(said, indent=1)


if __name__ == "__main__":
    main()
