"""A voice for words, where a telephone provider plays sounds only."""

from __future__ import annotations

from typing import Protocol


class Voiceless(Exception):
    """No sound could be made of these words. The text says why and holds none of them."""


class ReadsAloud(Protocol):
    """Makes speech of text."""

    async def wav(self, text: str, language: str) -> bytes:
        """Return a WAV file of the text. language: "sv" or "en". Raises Voiceless, within a few seconds."""
        ...
