"""What the API asks of whoever prints."""

from __future__ import annotations

from typing import Protocol

from larmcentral.domain.case_file import CaseFile


class PressBusy(Exception):
    """Nothing was printed: too many wait, or it took too long."""


class PrintsCases(Protocol):
    """Prints one incident."""

    async def pdf(self, case: CaseFile, *, language: str, redacted: bool) -> bytes:
        """Return it as a tagged PDF. language: sv or en. redacted: without what names or finds a person.

        Raises PressBusy.
        """
        ...
