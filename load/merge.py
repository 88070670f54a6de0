"""python -m load.merge RUN.json RUN.json ...: the percentiles of several runs together, from their histograms.

Percentiles cannot be averaged; histograms can be added. Only runs of the same profile on the same commit say something
together, and which they were is said first.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import click

from load.figures import Figure, merged
from load.report import table


def figures_in(said: Mapping[str, Any]) -> list[Figure]:
    """Return the figures of a run's JSON."""
    named = [each.name for each in fields(Figure)]
    return [Figure(**{name: one[name] for name in named}) for one in said["figures"]]


def together(runs: Sequence[Mapping[str, Any]]) -> list[Figure]:
    """Return one figure for each thing that was measured, over all runs."""
    found = [one for said in runs for one in figures_in(said)]
    names = list(dict.fromkeys(one.what for one in found))
    added = (merged(name, [one for one in found if one.what == name]) for name in names)
    return [one for one in added if one is not None]


def words_of(runs: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    """Return the report."""
    for said in runs:
        yield f"{said['profile']['name']}, {said['began_at']}, commit {said['machine']['commit'] or 'unknown'}"
    if len({(said["profile"]["words"], said["machine"]["commit"], said["machine"]["cpu"]) for said in runs}) > 1:
        yield "THESE ARE NOT RUNS OF ONE PROFILE, COMMIT AND MACHINE"
    yield from table(together(runs), runs[0]["profile"]["targets"]["worst_ms"])


@click.command()
@click.argument("runs", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
def main(runs: tuple[Path, ...]) -> None:
    """Read the JSON of some runs; print their percentiles as if they had been one."""
    read = [json.loads(path.read_text("utf-8")) for path in runs]
    if strange := [str(path) for path, said in zip(runs, read, strict=True) if "figures" not in said]:
        raise click.ClickException(f"no figures of presses in {', '.join(strange)}")
    sys.stdout.writelines(f"{line}\n" for line in words_of(read))


if __name__ == "__main__":
    main()
