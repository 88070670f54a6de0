"""Errors that cross a port, by fault."""

from __future__ import annotations

from collections.abc import Mapping

from escalation.incident import Refused


class StoreUnavailable(Exception):
    """The database did not say yes in time. The write may or may not stand: repeat it with the same ids."""


class Collision(Exception):
    """Another process wrote the same thing first; take the transaction again and see it."""


class Poison(Exception):
    """The database refuses the content of a batch; take it apart and find the part that offends."""


class LaneFull(Exception):
    """More signals wait than a lane may hold: not taken, not acked."""


class NotFound(Exception):
    """There is no such thing, or the one who asks may not know of it: both get the same answer."""


class RefusedByRule(Refused):
    """Refused, with what a person must know of the rule. fields: plain pairs for the words, no personal data."""

    def __init__(self, reason: str, fields: Mapping[str, str]) -> None:
        super().__init__(reason)
        self.fields = dict(fields)
