"""What a run leaves for its reader."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paper:
    """A result, written out. html: empty where a run has no page. holds: every fact that must hold did."""

    text: str
    json: str
    html: str
    holds: bool
