"""python -m load.spite.attacker ATTACK: a process of its own that attacks one port of this machine until told to stop.

It says {"begun": 1} once it has begun, and what it did as one JSON object when a line or the end comes on its standard
input.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import signal
import sys
from collections import Counter
from dataclasses import fields

import uvloop

from load.processes import allow_many_files
from load.spite.attacks import ATTACKS
from load.spite.caller import Caller, Order


async def attack(name: str, order: Order) -> Counter[str]:
    """Attack until somebody says anything."""
    caller = Caller(order, random.Random(order.seed))
    words = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(words), sys.stdin)
    at_it = asyncio.ensure_future(ATTACKS[name](caller))
    told = asyncio.ensure_future(words.readline())
    _say({"begun": 1})
    await asyncio.wait({at_it, told}, return_when=asyncio.FIRST_COMPLETED)
    at_it.cancel()
    told.cancel()
    for ended in await asyncio.gather(at_it, told, return_exceptions=True):
        if isinstance(ended, Exception):
            raise ended
    return caller.said


def _say(words: dict[str, int]) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Read the command line and attack."""
    parser = argparse.ArgumentParser(prog="python -m load.spite.attacker", description=__doc__)
    parser.add_argument("attack", choices=sorted(ATTACKS))
    parser.add_argument("order", type=json.loads, help="load.spite.caller.Order as a JSON object")
    given = parser.parse_args()
    if strangers := set(given.order) - {each.name for each in fields(Order)}:
        parser.error(f"nobody knows {', '.join(sorted(strangers))}")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the harness, which ends us in its order
    allow_many_files()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        _say(dict(runner.run(attack(given.attack, Order(**given.order)))))


if __name__ == "__main__":
    main()
