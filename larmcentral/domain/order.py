"""What people ask of a device: where are you, ring this number, take these settings. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import Enum
from typing import Final, assert_never

from escalation.ids import CommitteeId, DeviceId, OrganisationId, UserId
from larmcentral.domain.device import Downlink, DownlinkKind
from protocols.abilities import ABILITIES, NONE, Abilities
from protocols.orders import CallBack, Commission

GOOD_FOR: Final[Mapping[DownlinkKind, timedelta]] = {
    DownlinkKind.TAKEN: timedelta(minutes=10),
    DownlinkKind.TEST_RECEIVED: timedelta(minutes=10),
    DownlinkKind.LOCATE: timedelta(minutes=15),
    DownlinkKind.CALL_BACK: timedelta(minutes=15),
    DownlinkKind.COMMISSION: timedelta(days=7),
}
"""Later than this the words say nothing any more; settings wait for a device that lies in its box."""

ANSWER_WITHIN: Final = timedelta(minutes=10)
"""A device answers in seconds, one that sleeps when it wakes; what it says later answers something else."""
ANSWER_SIGNS: Final = 500
"""Of a device's own words, kept for people to read."""
SOS_NUMBERS: Final = 3
"""What devices have room for."""
NOTE_SIGNS: Final = 2000

# Seven digits at least, eight after a country code: every emergency and short number has fewer.
_NUMBER: Final = re.compile(r"\+[1-9][0-9]{7,14}|[0-9]{7,15}")
# Emergency numbers of the Nordics and beyond, and 114 14, 113 13, 1177: bare, behind zeros, or a country code.
_EMERGENCY: Final = re.compile(r"(?:(?:\+0*|00+)[1-9][0-9]{0,2}|46)?0*(?:1{2}2|911|999|110|113|11414|11313|1177)")
_SEPARATORS: Final = re.compile(r"[\s\-/().\u00a0]")


QUIET_LOCATE: Final = "quiet_locate"
"""A device's option; "on": tried with it, and nothing shows there when it is asked where it is."""


class NumberFault(Enum):
    """Why a device may not be given a number to ring."""

    EMERGENCY = "emergency_number"
    NOT_A_NUMBER = "not_a_number"


class NumberRefused(ValueError):
    """A device may not be given this number. Says why; does not repeat the number."""

    def __init__(self, fault: NumberFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class DownlinkState(Enum):
    """How far words for a device have come."""

    WAITING = "waiting"
    SENT = "sent"
    ANSWERED = "answered"
    UNSAID = "unsaid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A device's commissioning sheet: what it shall be set to, and what its owner writes down beside.

    settings: what is left None is left as the device has it. note: what to record before it is handed out.
    quiet_locate: somebody has tried it: the device neither sounds nor lights up when it is asked where it is.
    """

    organisation_id: OrganisationId
    committee_id: CommitteeId
    device_id: DeviceId
    settings: Commission
    note: str
    changed_at: datetime
    changed_by: UserId
    quiet_locate: bool = False


def abilities_of(protocol: str) -> Abilities:
    """Return what devices of a protocol can be told; nothing for one that we have no words for."""
    return ABILITIES.get(protocol, NONE)


def locates_quietly(protocol: str, options: Mapping[str, str], *, tried: bool) -> bool:
    """Say whether nothing shows at a device that is asked where it is. options: the device's; tried: its sheet's word.

    No family promises it: what a device does depends on its maker's firmware, so somebody must have tried.
    """
    said = options.get(QUIET_LOCATE, "").strip().lower() == "on"
    return said or tried or abilities_of(protocol).quiet_locate


def complaint(kind: DownlinkKind, protocol: str, *, silent: bool, quiet: bool = False) -> str | None:
    """Return why something may not be said to a device, as the key of a refusal; None if it may.

    silent: nothing may ring, light or speak there, since whoever threatens the wearer would see it.
    quiet: of the device, as locates_quietly() says.
    """
    can = abilities_of(protocol)
    match kind:
        case DownlinkKind.LOCATE:
            if not can.locate:
                return "device_has_no_words"
            return "locate_may_show" if silent and not quiet else None
        case DownlinkKind.CALL_BACK:
            if silent:
                return "silent_incident"
            return None if can.call_back else "device_has_no_words"
        case DownlinkKind.COMMISSION:
            if silent:
                return "silent_incident"
            return None if can.commission else "device_has_no_words"
        case DownlinkKind.TAKEN | DownlinkKind.TEST_RECEIVED:
            if silent:
                return "silent_incident"
            return None if can.reassure else "device_has_no_words"
        case _:
            assert_never(kind)


def dialled(number: str) -> str:
    """Return a number as a device dials it: digits, perhaps after a plus. Raises NumberRefused.

    Separators that people write are dropped. National digits are taken: many devices know no other.
    """
    bare = _SEPARATORS.sub("", number)
    if _EMERGENCY.fullmatch(bare):
        raise NumberRefused(NumberFault.EMERGENCY)
    if not _NUMBER.fullmatch(bare):
        raise NumberRefused(NumberFault.NOT_A_NUMBER)
    return bare


def said_of(settings: Commission, protocol: str) -> Commission:
    """Return the part of the settings that a device of this protocol can be told."""
    can = abilities_of(protocol).commission
    return Commission(**{name: getattr(settings, name) for name in _SETTINGS if name in can})


def by_hand(settings: Commission, protocol: str) -> tuple[str, ...]:
    """Return the names of settings that are asked for and that this protocol cannot say: somebody sets them by hand."""
    can = abilities_of(protocol).commission
    return tuple(name for name in _SETTINGS if getattr(settings, name) is not None and name not in can)


def asks_anything(settings: Commission) -> bool:
    """Say whether any setting is given."""
    return any(getattr(settings, name) is not None for name in _SETTINGS)


def state_of(downlink: Downlink) -> DownlinkState:
    """Return how far it has come."""
    if downlink.unsaid is not None:
        return DownlinkState.UNSAID
    if downlink.sent_at is None:
        return DownlinkState.WAITING
    return DownlinkState.SENT if downlink.answered_at is None else DownlinkState.ANSWERED


def order_content(downlink: Downlink) -> CallBack | Commission | None:
    """Return what an order carries. Raises AssertionError for one that lost it."""
    if downlink.kind in {DownlinkKind.CALL_BACK, DownlinkKind.COMMISSION}:
        assert downlink.content is not None, "such an order says what"
    return downlink.content


_SETTINGS: Final = tuple(field.name for field in fields(Commission))
