"""What the processes of the house complained of in their logs, without what differs from one line to the next."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Final

from load.house import House

SAID_MOST: Final = 20


def complaints_of(house: House) -> list[str]:
    """Return what was written into the logs at warning and above, counted."""
    said: list[str] = []
    for name in (*house.servers, "generator", "peers"):
        path = house.log(name)
        counted = Counter(map(_gist, path.read_text("utf-8", "replace").splitlines() if path.exists() else ()))
        said += [f"{name}: {times} x {gist}" for gist, times in counted.most_common(SAID_MOST)]
    return said


def _gist(line: str) -> str:
    """A line of the log without what differs from one to the next."""
    try:
        facts = json.loads(line)
    except ValueError:
        return re.sub(r"\d+", "…", line)[:200]
    if not isinstance(facts, dict):
        return line[:200]
    kept = ("event", "level", "reason", "why", "fault", "lane", "loop", "error")
    return " ".join(str(facts[key]) for key in kept if key in facts)[:200]
