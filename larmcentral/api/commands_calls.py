"""What telephone providers tell us of our calls. flows/calls.py keeps this."""

from __future__ import annotations

from typing import Protocol

from larmcentral.flows.call_scripts import CallScript
from larmcentral.flows.calls import Said


class CallCommands(Protocol):
    """All raise NotFound for a token that is not ours."""

    def script(self, token: str) -> CallScript:
        """Return what is read out."""
        ...

    def reply(self, words: str, language: str) -> str:
        """Return the token of other words that the same call says."""
        ...

    async def pressed(self, token: str, digit: str) -> Said:
        """Take a key, "" for none; return what the call says next."""
        ...

    async def came_to(self, token: str, provider_id: str, *, answered: bool, reason: str) -> None:
        """The call was answered, or ended and never was. Raises StoreUnavailable: the provider will say it again."""
        ...
