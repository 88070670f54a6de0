from escalation.alarm import AlarmKind


def test_panic_duress_and_hold_up_are_gravest_and_an_unspecified_alarm_is_never_above_them() -> None:
    assert {kind for kind in AlarmKind if kind.gravity == 1} == {AlarmKind.PANIC, AlarmKind.DURESS, AlarmKind.HOLD_UP}
    assert AlarmKind.UNSPECIFIED_ALARM.gravity == 2
    assert {kind.gravity for kind in AlarmKind} == {1, 2, 3}
