"""Cases for a centre, and settings that lead to the local one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from devices.peers.sos_access_centre import Account
from escalation.alarm import AlarmKind
from larmcentral.channels.receiver_sos_access_settings import SosAccessSettings
from larmcentral.domain.forwarding import Handover, MappingRow
from tests.larmcentral.channels.support import PATIENT

NOW = datetime(2026, 11, 22, 13, 3, 10, tzinfo=UTC)
OCCURRED_AT = datetime(2026, 11, 22, 13, 2, 3, 450_000, tzinfo=UTC)
GIVEN = "Abc123Def456Ghi"


def account(**changes: Any) -> Account:
    return Account(**{"password": GIVEN, **changes})


def row(**changes: Any) -> MappingRow:
    agreed: dict[str, Any] = {
        "kind": AlarmKind.PANIC,
        "silent": False,
        "event_code": "PA",
        "sia": "PA",
        "cid": "120",
        "area": "1",
        "section": "7",
        "detector": "17",
        "section_text": "Hemtjänst Öst",
        "detector_text": "Anna Åkesson",
        "text": "Överfallslarm\nStorgatan 5, 2 tr",
    }
    return MappingRow(**agreed | changes)


def handover(**changes: Any) -> Handover:
    case: dict[str, Any] = {
        "reference": "7KQ2-M9XD-1",
        "number": "7KQ2-M9XD",
        "row": row(),
        "restore": False,
        "test": False,
        "occurred_at": OCCURRED_AT,
        "lat": 59.3293,
        "lon": 18.0686,
        "accuracy_m": 12.4,
        "fix_at": NOW - timedelta(seconds=45),
    }
    return Handover(**case | changes)


def settings(port: int, **changes: Any) -> SosAccessSettings:
    """To a receiver on this machine, in the clear unless told otherwise."""
    agreed: dict[str, Any] = {
        "name": "primary",
        "host": "localhost",
        "port": port,
        "tls": False,
        "receiver": "LARM",
        "transmitter_code": "4711",
        "transmitter_type": "SV300",
        "password": GIVEN,
        "level": 4,
        "deadline": PATIENT,
    }
    return SosAccessSettings(**agreed | changes)
