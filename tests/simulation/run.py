"""Seeds on all cores: run, check, print. `./dev simulate` and the suite come here."""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import os
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

from tests.simulation.checkers import shown, wrong_with
from tests.simulation.server import Server
from tests.simulation.world import World


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one seed came to. trace: a hash of everything that happened; the same for the same seed."""

    seed: int
    wrong: tuple[str, ...]
    trace: str = ""
    incidents: int = 0
    vigils: int = 0
    handings: int = 0
    fired: int = 0
    cpu_s: float = 0.0
    lines: tuple[str, ...] = ()


def live(seed: int, days: float, server: type[Server] = Server, *, trace: bool = False) -> Verdict:
    """Live through one seed and check it. A simulation that fails altogether is a verdict too."""
    began_s = time.process_time()
    world = World(seed, days, server=server, trace=trace)
    try:
        _lived(world)
        wrong = tuple(wrong_with(world))
    except Exception as error:
        wrong = (f"the simulation failed: {''.join(traceback.format_exception(error)[-3:])}",)
    tables = world.store.tables
    return Verdict(
        seed=seed,
        wrong=wrong,
        trace=world.journal.trace.hexdigest(),
        incidents=len(tables.incidents),
        vigils=len(tables.vigils),
        handings=len(world.journal.handings),
        fired=world.journal.fired,
        cpu_s=time.process_time() - began_s,
        lines=tuple(world.journal.lines or ()),
    )


def twins(seed: int, days: float, server: type[Server] = Server) -> list[str]:
    """Live through one seed twice, once with duress PINs and once with the normal ones in their place.

    Return where a worker's phone could tell the difference. Nothing goes wrong in either world, so that all that the
    two do not share is the covert alarm.
    """
    forced = _lived(World(seed, days, server=server, faults=False))
    free = _lived(World(seed, days, server=server, faults=False, duress=False))
    return shown(forced.journal.to_worker, free.journal.to_worker)


def _lived(world: World) -> World:
    gc.disable()  # all of it is thrown away together
    try:
        world.run()
    finally:
        gc.enable()
    return world


def again(seed: int, days: float) -> str:
    """Return the command that lives through a seed once more, with all that happens."""
    return f"./dev simulate --first {seed} --seeds 1 --days {days:g} --trace"


def summary(verdicts: Sequence[Verdict], days: float, wall_s: float) -> str:
    """Say what many seeds came to, in a line."""
    lived_days, cpu_s = len(verdicts) * days, sum(verdict.cpu_s for verdict in verdicts)
    bad = sum(bool(verdict.wrong) for verdict in verdicts)
    return (
        f"{len(verdicts)} seeds of {days:g} days, {bad} of them bad: "
        f"{sum(v.incidents for v in verdicts)} incidents, {sum(v.vigils for v in verdicts)} vigils, "
        f"{sum(v.fired for v in verdicts)} deadlines, {sum(v.handings for v in verdicts)} notices; "
        f"{wall_s:.1f} s, {lived_days / wall_s:.0f} simulated days a second ({lived_days / cpu_s:.0f} a CPU second)"
    )


def _many(seeds: Sequence[int], days: float, processes: int) -> Iterator[Verdict]:
    """Run seeds beside each other; verdicts come in the order of the seeds."""
    if processes == 1:
        yield from (live(seed, days) for seed in seeds)
        return
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(live, seeds, [days] * len(seeds))


def main(arguments: Sequence[str]) -> int:
    """./dev simulate."""
    parser = argparse.ArgumentParser(prog="./dev simulate", description="Simulated towns, and what breaks in them.")
    parser.add_argument("--seeds", type=int, default=20, help="how many (20)")
    parser.add_argument("--first", type=int, default=1, help="the first one (1)")
    parser.add_argument("--days", type=float, default=7.0, help="simulated days of each (7)")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="at once (one a core)")
    parser.add_argument("--trace", action="store_true", help="print all that happens, one seed after another")
    chosen = parser.parse_args(arguments)
    seeds = range(chosen.first, chosen.first + chosen.seeds)
    began_s, verdicts = time.monotonic(), []
    traced = (live(seed, chosen.days, trace=True) for seed in seeds)
    for verdict in traced if chosen.trace else _many(seeds, chosen.days, min(chosen.processes, len(seeds))):
        for line in verdict.lines:
            _print(line)
        for words in verdict.wrong:
            _print(f"seed {verdict.seed}: {words}")
        if verdict.wrong and not chosen.trace:
            _print(f"  again: {again(verdict.seed, chosen.days)}")
        verdicts.append(replace(verdict, lines=()))
    _print(summary(verdicts, chosen.days, time.monotonic() - began_s))
    return 1 if any(verdict.wrong for verdict in verdicts) else 0


def _print(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
