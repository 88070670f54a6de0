"""Times in words, in the house's own zone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

_MOMENT: Final = "%Y-%m-%d %H:%M:%S"


class Times:
    """Writes times. all_of_them: of one case; where they lie in summer and in winter time, each says which."""

    def __init__(self, zone: str, all_of_them: Iterable[datetime | None]) -> None:
        self._zone = ZoneInfo(zone)
        offsets = {at.astimezone(self._zone).utcoffset() for at in all_of_them if at is not None}
        self._form = _MOMENT if len(offsets) < 2 else f"{_MOMENT} %z"

    def moment(self, at: datetime | None) -> str:
        """Return date and time of day, "" for none."""
        return "" if at is None else at.astimezone(self._zone).strftime(self._form)

    def written(self, said: str) -> str:
        """Return the same of a time that is kept as ISO 8601; what is none is left as it is."""
        try:
            at = datetime.fromisoformat(said)
        except ValueError:
            return said
        return said if at.tzinfo is None else self.moment(at)
