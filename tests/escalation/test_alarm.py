from escalation.alarm import AlarmKind


def test_panic_duress_and_hold_up_are_gravest_and_an_unspecified_alarm_is_never_above_them() -> None:
    assert {kind for kind in AlarmKind if kind.gravity == 1} == {AlarmKind.PANIC, AlarmKind.DURESS, AlarmKind.HOLD_UP}
    assert AlarmKind.UNSPECIFIED_ALARM.gravity == 2
    assert {kind.gravity for kind in AlarmKind} == {1, 2, 3, 4}


def test_the_graver_of_two_is_kept_and_the_first_of_two_alike_unless_the_other_is_duress() -> None:
    assert AlarmKind.FALL.graver(AlarmKind.PANIC) is AlarmKind.PANIC
    assert AlarmKind.PANIC.graver(AlarmKind.FALL) is AlarmKind.PANIC
    assert AlarmKind.FALL.graver(AlarmKind.MEDICAL) is AlarmKind.FALL
    assert AlarmKind.PANIC.graver(AlarmKind.DURESS) is AlarmKind.DURESS
    assert AlarmKind.DURESS.graver(AlarmKind.HOLD_UP) is AlarmKind.DURESS


def test_what_silence_raised_is_no_trouble_of_a_device() -> None:
    assert {kind for kind in AlarmKind if kind.from_silence} == {
        AlarmKind.MISSED_CHECK_IN,
        AlarmKind.OVERDUE,
        AlarmKind.LOST_CONTACT,
    }
    assert not any(kind.from_silence and kind.technical for kind in AlarmKind)
