"""What crosses HTTP about words down to devices and about commissioning sheets."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from larmcentral.api.shapes import Shape
from larmcentral.domain.order import NOTE_SIGNS, SOS_NUMBERS

NUMBER_SIGNS = 40
"""A number with the separators that people write."""
REPORT_LEAST_S = 10
REPORT_MOST_S = 86_400
DownlinkWord = Literal["taken", "test_received", "locate", "call_back", "commission"]
SettingWord = Literal["sos_numbers", "fall_detection", "fall_calls", "in_utc", "report_every_s"]
RefusedWord = Literal["device_has_no_words", "locate_may_show", "silent_incident", "stood_down"]
Number = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=NUMBER_SIGNS)]


class DownlinkView(Shape):
    """Words for a device. answer: its own words; no person gave them. placed_at: when it answered with a place.
    number: of a call back. by: null for the house.

    unsaid: why they will not be said any more: not there in time, no words for it, the incident over, or silent by now.
    """

    id: UUID
    kind: DownlinkWord
    state: Literal["waiting", "sent", "answered", "unsaid"]
    filed_at: datetime
    expires_at: datetime
    sent_at: datetime | None
    answered_at: datetime | None
    answer: str | None
    placed_at: datetime | None
    unsaid: Literal["expired", "no_words", "over", "silent"] | None
    number: str | None
    by: str | None


class DeviceOrdersView(Shape):
    """A device of an incident, and what it was told. locate_refused, call_back_refused: why it may not be asked."""

    device_id: UUID
    label: str
    protocol: str
    locate_refused: RefusedWord | None
    call_back_refused: RefusedWord | None
    words: list[DownlinkView]


class CallBackOrder(Shape):
    """POST /api/incidents/{incident_id}/devices/{device_id}/call-back: where the device shall ring.

    Never an emergency number: a device that rings one has nobody beside it who knows what it is about.
    """

    number: Number


class OrderFiled(Shape):
    """Which order it is: a new one, or the same that waits already."""

    order_id: UUID


class SheetView(Shape):
    """A device's commissioning sheet. changed_at: null where none was written. A setting that is null is left alone.

    quiet_locate: somebody tried that nothing shows at the device when it is asked where it is.
    can: what this kind of device can be told; by_hand: what is asked for and has to be set at the device itself.
    said: what was sent and answered, newest first.
    """

    device_id: UUID
    label: str
    protocol: str
    sos_numbers: list[str] | None
    fall_detection: bool | None
    fall_calls: bool | None
    in_utc: bool | None
    report_every_s: int | None
    note: str
    quiet_locate: bool
    changed_at: datetime | None
    changed_by: str | None
    can: list[SettingWord]
    by_hand: list[SettingWord]
    said: list[DownlinkView]


class SheetWritten(Shape):
    """PUT /api/devices/{device_id}/commissioning. report_every_s: seconds between positions.

    quiet_locate: tried: asked where it is, the device neither sounds nor lights up nor shakes; only then it is asked so
    in a silent incident.
    """

    sos_numbers: Annotated[list[Number], Field(max_length=SOS_NUMBERS)] | None = None
    fall_detection: bool | None = None
    fall_calls: bool | None = None
    in_utc: bool | None = None
    report_every_s: Annotated[int, Field(ge=REPORT_LEAST_S, le=REPORT_MOST_S)] | None = None
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=NOTE_SIGNS)] = ""
    quiet_locate: bool = False


class SheetSend(Shape):
    """POST /api/devices/{device_id}/commissioning/send. good_for_h: how many hours it may wait for the device."""

    good_for_h: Annotated[int, Field(ge=1, le=24 * 30)] = 24 * 7
