"""A press that writes down what it was to print."""

from __future__ import annotations

from dataclasses import dataclass, field

from larmcentral.domain.case_file import CaseFile
from larmcentral.ports.press import PressBusy


@dataclass
class WrittenPress:
    """ports.PrintsCases. asked: number, language and whether redacted, of each. busy: nothing is printed."""

    asked: list[tuple[str, str, bool]] = field(default_factory=list)
    busy: bool = False

    async def pdf(self, case: CaseFile, *, language: str, redacted: bool) -> bytes:
        if self.busy:
            raise PressBusy("busy")
        self.asked.append((case.number, language, redacted))
        return b"%PDF-1.7"
