"""The messages of the watch protocol, as the wire has them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from protocols.signal import AccountId


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame: who says it, and what.

    maker: two letters. index: four hex digits where the device counts its frames, as it wrote them.
    """

    maker: str
    device: AccountId
    index: str | None
    content: bytes


@dataclass(frozen=True, slots=True)
class KeepAlive:
    """LK: the watch is there. All None where it says nothing more."""

    steps: int | None = None
    rolls: int | None = None
    battery_pct: int | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One mobile cell. signal: as written, in the device's own scale."""

    lac: int
    cid: int
    signal: int | None = None


@dataclass(frozen=True, slots=True)
class Network:
    """The cells a watch hears, the serving one first; never without a cell. mcc: None if it had none to say."""

    mcc: int | None
    mnc: int | None
    cells: tuple[Cell, ...]
    timing_advance: int | None = None


@dataclass(frozen=True, slots=True)
class AccessPoint:
    """One Wi-Fi access point. mac: six hex pairs with colons, as written."""

    name: str
    mac: str
    dbm: int | None = None


@dataclass(frozen=True, slots=True)
class PositionReport:
    """UD…, WT and AL…: where the watch is, how it is, and whether it calls for help.

    word: the type as written. at: UTC, None if unreadable. fix: False for V. status: 32 bits, None if unreadable.
    status_text: the status as written. lat, lon: signed degrees as sent, 0/0 included.
    """

    word: str
    at: datetime | None = None
    fix: bool = False
    lat: float | None = None
    lon: float | None = None
    speed_kmh: float | None = None
    course_deg: float | None = None
    altitude_m: float | None = None
    satellites: int | None = None
    network_pct: int | None = None
    battery_pct: int | None = None
    steps: int | None = None
    rolls: int | None = None
    status: int | None = None
    network: Network | None = None
    access_points: tuple[AccessPoint, ...] = ()
    accuracy_m: float | None = None

    @property
    def is_alarm(self) -> bool:
        """True if the type itself calls for help."""
        return self.word.upper().startswith("AL")


@dataclass(frozen=True, slots=True)
class Voice:
    """TK, TK2: a voice clip (AMR). A payload of one byte is a reply code to a clip of ours."""

    word: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class VoicePart:
    """JXTK: one part of a voice clip."""

    first: str
    file: str
    part: str
    parts: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Picture:
    """img: one picture. taken: yymmddhhmmss as written."""

    first: str
    taken: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Plain:
    """Any other message: a word and its fields. Questions, health values, confirmations, and what we do not know."""

    word: str
    fields: tuple[str, ...] = ()


Message = KeepAlive | PositionReport | Voice | VoicePart | Picture | Plain


@dataclass(frozen=True, slots=True)
class Answer:
    """The receiver's answer to a message: LK, AL, TKQ, TKQ2, INIT,1, TK,1 or JXTKR,1."""

    word: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Locate:
    """CR: send positions every 20 s for 3 min."""


@dataclass(frozen=True, slots=True)
class Find:
    """FIND: ring for a minute; the wearer stops it with the button."""


@dataclass(frozen=True, slots=True)
class ShowMessage:
    """MESSAGE: words on the watch's screen."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """CALL: let the watch call this number."""

    number: str


@dataclass(frozen=True, slots=True)
class FallDetection:
    """FALLDOWN: look for falls or not; call the SOS numbers at a fall or not."""

    on: bool
    call: bool


@dataclass(frozen=True, slots=True)
class PlayVoice:
    """TK downwards: a voice clip (AMR, 15 s at most) for the wearer."""

    payload: bytes


@dataclass(frozen=True, slots=True)
class Setting:
    """Any other downlink by its word: SOS1..3, SOSSMS, LOWBAT, REMOVE, UPLOAD, LZ, RESET, POWEROFF, PHB."""

    word: str
    fields: tuple[str, ...] = ()


Downlink = Answer | Locate | Find | ShowMessage | Call | FallDetection | PlayVoice | Setting
