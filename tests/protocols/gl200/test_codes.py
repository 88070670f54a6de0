"""Every name of the tables, and names that no table has."""

from __future__ import annotations

import pytest

from protocols.conversation import SignalsReceived
from protocols.gl200.codes import DEVICE_TYPES, FALLBACK_PASSWORD, MESSAGES, password_of, row_of
from protocols.signal import ALARMS, SignalKind
from tests.protocols.streams import NOW, hear, openers_of

BY_KIND = {
    SignalKind.PANIC: "SOS",
    SignalKind.POSITION: "FRI RTL PNL DOG NMR SPD DIS IGL GEO ERI LBC STT SWG TEM STR CTN GSM WIF LBS BTC STC",
    SignalKind.HEARTBEAT: "HBD INF VER",
    SignalKind.POWER_ON: "PNA PNR",
    SignalKind.POWER_OFF: "PFA PFR",
    SignalKind.RESTORE: "EPN",
    SignalKind.EXTERNAL_POWER_LOST: "EPF",
    SignalKind.LOW_BATTERY: "BPL",
    SignalKind.DEVICE_FAULT: "JDR JDS",
}


def test_each_name_of_the_tables_means_what_they_say() -> None:
    assert {name: row.kind for name, row in MESSAGES.items()} == {
        name: kind for kind, names in BY_KIND.items() for name in names.split()
    }


@pytest.mark.parametrize("name", ["FAL", "FALL", "MAN", "MDN", "NOMO", "EMG", "SOS2"])
def test_a_strange_name_that_speaks_of_need_is_an_alarm_on_doubt(name: str) -> None:
    assert row_of(name).kind is SignalKind.UNSPECIFIED_ALARM


@pytest.mark.parametrize("name", ["XYZ", "IGN", "IGF", "TOW", "HBM", "CFG", "MPN", "UPD"])
def test_any_other_strange_name_is_unknown(name: str) -> None:
    assert row_of(name).kind is SignalKind.UNKNOWN


def test_each_message_says_its_kind_on_the_wire_and_is_answered() -> None:
    for name, row in MESSAGES.items():
        frame = f"+RESP:GT{name},1A0800,866000000000017,,20260304050600,00A1$".encode()
        events, conversation = hear(openers_of("gl200").connection, [frame])
        received = events[-1]
        assert isinstance(received, SignalsReceived)
        assert [signal.kind for signal in received.signals] == [row.kind]
        assert received.token is not None
        assert conversation.ack(received.token, NOW).startswith(b"+SACK:")
        assert received.signals[0].is_alarm == (row.kind in ALARMS)


def test_each_device_type_has_a_password() -> None:
    assert {password_of(name) for name in DEVICE_TYPES} >= {"gl200", "gl300", "gl300w", "gl500", "gt301"}
    assert password_of("ZZ") == FALLBACK_PASSWORD
