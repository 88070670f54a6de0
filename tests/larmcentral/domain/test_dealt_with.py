"""What a person may take down."""

from __future__ import annotations

from escalation.effects import SystemFault
from larmcentral.domain.dealt_with import may_be_dealt_with


def test_a_person_takes_down_what_the_house_cannot_know_to_be_over_and_nothing_else() -> None:
    assert {fault for fault in SystemFault if may_be_dealt_with(fault.value)} == {
        SystemFault.RECEIVER_UNREACHABLE,
        SystemFault.RECEIVER_IN_TEST,
        SystemFault.WAY_OUT_DEAD,
        SystemFault.BROKER_UNREACHABLE,
    }
    assert not may_be_dealt_with("engine_overdue")
