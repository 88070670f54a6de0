"""Committees' own words, in memory, so that no notice waits for the database to know what to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from escalation.ids import CommitteeId
from larmcentral.domain.templates import Template, TemplateKey
from larmcentral.flows.running import Loop
from larmcentral.ports import Clock
from larmcentral.ports.templates import TemplateShelf

READ_EVERY_S: Final = 2.0
"""A handful of rows; whoever changed words and tries them at once should not wonder."""


class TemplateBook:
    """The picture of all templates. While the database is away the last known one stays."""

    def __init__(self, shelf: TemplateShelf, clock: Clock, *, every_s: float = READ_EVERY_S) -> None:
        self._shelf, self._clock, self._every_s = shelf, clock, every_s
        self._kept: Mapping[tuple[CommitteeId, TemplateKey], Template] = {}
        self._loop = Loop("template book", self._turn, clock)

    def find(self, committee_id: CommitteeId, key: TemplateKey) -> Template | None:
        """Return the words for such notices: those for this very kind, else those for all kinds, else None."""
        return self._kept.get((committee_id, key)) or self._kept.get((committee_id, replace(key, kind=None)))

    def start(self) -> None:
        """Begin to read. Until the first reading our own words are used."""
        self._loop.start()

    async def stop(self) -> None:
        """Read no more; the picture stays."""
        await self._loop.stop()

    async def read(self) -> None:
        """Read all anew. Raises StoreUnavailable, and the picture stays as it was."""
        kept = await self._shelf.all()
        self._kept = {(one.committee_id, one.template.key): one.template for one in kept}

    async def _turn(self) -> None:
        await self.read()
        await self._clock.sleep(self._every_s)
