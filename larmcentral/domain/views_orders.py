"""Words down to devices, and commissioning sheets, as the screens are shown them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DownlinkView:
    """Words for a device. kind, state, unsaid: of domain.device and domain.order. number: of a call back.

    answer: the device's own words; placed_at: when it answered with a place. by: who asked, None for the house itself.
    """

    id: UUID
    kind: str
    state: str
    filed_at: datetime
    expires_at: datetime
    sent_at: datetime | None
    answered_at: datetime | None
    answer: str | None
    placed_at: datetime | None
    unsaid: str | None
    number: str | None
    by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceOrdersView:
    """A device of an incident. locate_refused, call_back_refused: why it may not be asked, as a refusal's key."""

    device_id: UUID
    label: str
    protocol: str
    locate_refused: str | None
    call_back_refused: str | None
    words: tuple[DownlinkView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetView:
    """A device's commissioning sheet. changed_at: None where none was written yet.

    can: settings that this kind of device can be told; by_hand: those asked for that it cannot be told. said: what was
    sent and answered, newest first.
    """

    device_id: UUID
    label: str
    protocol: str
    sos_numbers: tuple[str, ...] | None
    fall_detection: bool | None
    fall_calls: bool | None
    in_utc: bool | None
    report_every_s: int | None
    note: str
    quiet_locate: bool
    changed_at: datetime | None
    changed_by: str | None
    can: tuple[str, ...]
    by_hand: tuple[str, ...]
    said: tuple[DownlinkView, ...]
