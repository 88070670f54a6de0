"""The shortest form of an alarm."""

from __future__ import annotations

from dataclasses import replace

from protocols.sos_access.messages import AlarmType, minimal
from tests.protocols.sos_access.support import ALARM

FULL = replace(
    ALARM,
    reference="r",
    alarm_type=AlarmType.ALARM,
    transmitter_time="2026-11-22 13:14:15.016",
    transmitter_area="1",
    section="1",
    section_text="x",
    detector="1",
    detector_text="x",
    additional_info="x",
    position="N593293E0180686",
)


def test_the_shortest_form_has_the_mandatory_fields_only() -> None:
    assert minimal(FULL) == ALARM


def test_a_restore_stays_a_restore_for_left_out_it_would_be_a_new_alarm() -> None:
    restore = replace(FULL, alarm_type=AlarmType.RESTORE)
    assert minimal(restore) == replace(ALARM, alarm_type=AlarmType.RESTORE)
