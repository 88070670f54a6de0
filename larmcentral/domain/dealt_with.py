"""Which faults of the house a person may take down: those of which nothing here can know that they are over."""

from __future__ import annotations

from typing import Final

from escalation.effects import SystemFault

_BY_HAND: Final = frozenset(
    {
        SystemFault.RECEIVER_UNREACHABLE.value,
        SystemFault.RECEIVER_IN_TEST.value,
        SystemFault.WAY_OUT_DEAD.value,
        SystemFault.BROKER_UNREACHABLE.value,
    }
)


def may_be_dealt_with(fault: str) -> bool:
    """True for what a telephone call mends: a centre that was not reached, or that has us in test.

    And for what stands of a way or a centre that has left the settings, as nobody looks after it any more. Where
    somebody does, it is raised again within a minute or its next heartbeat as long as it is so.
    """
    return fault in _BY_HAND
