"""Sweden's red days and the eves that are kept like them."""

from __future__ import annotations

from datetime import date
from typing import Final

import holidays

from escalation.rota import HOUSE_ZONE

_CATEGORIES: Final = ("public", "de_facto")
"""By law, and the eves that the Annual Leave Act puts beside Sundays: Midsummer's, Christmas and New Year's."""


class SwedishDays:
    """The house's own days, ports.Calendar. zone: IANA name of the zone that its wall clocks follow.

    A Sunday is no holiday here unless it has a name, such as Easter: rotas and conditions say Sundays by weekday.
    """

    def __init__(self, zone: str = HOUSE_ZONE) -> None:
        # The language is named: by itself it would follow the machine's.
        self._days = holidays.country_holidays("SE", categories=_CATEGORIES, language="sv")
        self._zone = zone

    @property
    def zone(self) -> str:
        """Return the IANA name of the zone that rotas and conditions are written in."""
        return self._zone

    def is_holiday(self, day: date) -> bool:
        """Say whether a local day is a public holiday or one of the eves that are kept as such."""
        return day in self._days

    def name(self, day: date) -> str | None:
        """Return what the day is called, in Swedish; None for an ordinary one."""
        return self._days.get(day)
