"""What an event code calls for; a code that nobody knows is an alarm."""

from __future__ import annotations

import pytest

from protocols.signal import SignalKind
from protocols.sos_access.events import meaning
from protocols.sos_access.messages import AlarmType

K = SignalKind


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("PA", K.PANIC),
        ("pa", K.PANIC),
        (" PA ", K.PANIC),
        ("NPA7", K.PANIC),
        ("PA007", K.PANIC),
        ("HA", K.HOLD_UP),
        ("PR", K.RESTORE),
        ("RP", K.TEST_ALARM),
        ("YT", K.LOW_BATTERY),
        ("120", K.PANIC),
        ("E121", K.DURESS),
        ("3120", K.RESTORE),
        ("R120", K.RESTORE),
        ("6120", K.PANIC),
        ("sos", K.PANIC),
        ("fall-down", K.FALL),
        ("man_down", K.MAN_DOWN),
        ("QQ", K.UNSPECIFIED_ALARM),
        ("999", K.UNSPECIFIED_ALARM),
        ("", K.UNSPECIFIED_ALARM),
        ("Överfall", K.UNSPECIFIED_ALARM),
    ],
)
def test_a_code_is_read_by_the_tables_and_on_doubt_as_an_alarm(code: str, kind: SignalKind) -> None:
    assert meaning(code, None, {}).kind is kind
    assert meaning(code, AlarmType.ALARM, {}).kind is kind


@pytest.mark.parametrize(
    ("code", "kind"),
    [("PA", K.RESTORE), ("120", K.RESTORE), ("QQ", K.RESTORE), ("RP", K.TEST_ALARM), ("PR", K.RESTORE)],
)
def test_a_restore_is_never_an_alarm(code: str, kind: SignalKind) -> None:
    assert meaning(code, AlarmType.RESTORE, {}).kind is kind


def test_a_unit_may_read_a_code_its_own_way_unless_its_option_names_no_kind() -> None:
    assert meaning("pa", None, {"code:PA": "duress"}).kind is K.DURESS
    assert meaning("L7", None, {"code:L7": "fall"}).kind is K.FALL
    assert meaning("L7", AlarmType.RESTORE, {"code:L7": "fall"}).kind is K.RESTORE
    assert meaning("PA", None, {"code:PA": "tea"}).kind is K.PANIC


def test_a_silent_code_is_silent() -> None:
    assert meaning("HA", None, {}).silent is True
    assert meaning("122", None, {}).silent is True
