"""The messages of minifinder, as the wire has them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Login:
    """!1: who calls. device: as written."""

    device: str
    firmware: str | None = None
    battery_pct: float | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """!D live, !B from memory, !C and !A: where the device is and what it noted.

    at: UTC, None if unreadable. flags: the word, None where there is none or it is unreadable; flags_text: as written.
    lat, lon: signed degrees as sent, None if unreadable. rest: fields nobody has explained.
    """

    word: str
    at: datetime | None = None
    lat: float | None = None
    lon: float | None = None
    speed_kmh: float | None = None
    course_deg: float | None = None
    flags: int | None = None
    flags_text: str | None = None
    altitude_m: float | None = None
    battery_pct: float | None = None
    satellites: float | None = None
    in_view: float | None = None
    hdop: float | None = None
    rest: tuple[str, ...] = ()

    @property
    def has_flags(self) -> bool:
        """True if messages of this type carry flags."""
        return self.word != "A"


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """!5: the device is there. gsm: 0 to 31. fix: A or V."""

    gsm: float | None = None
    fix: str | None = None
    battery_pct: float | None = None


@dataclass(frozen=True, slots=True)
class CommandReply:
    """!3: words in answer to a command. !4: its settings, fields as they are."""

    word: str
    text: str


@dataclass(frozen=True, slots=True)
class Other:
    """A type outside the table."""

    word: str
    fields: tuple[str, ...] = ()


Message = Login | Report | Heartbeat | CommandReply | Other
