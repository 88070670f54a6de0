"""Several receivers have ports and names of their own; a single one is called by its role alone."""

from __future__ import annotations

import dataclasses

from load.profile import load_profile
from load.settings import listener, role_of

STEADY = load_profile("steady")


def test_no_two_receivers_share_a_port_and_the_first_ones_are_named_by_family_alone() -> None:
    named = [listener(family, number) for number in range(3) for family in ("watch", "gt06")]

    assert named[:2] == ["watch", "gt06"]
    assert len(set(named)) == 6


def test_each_of_several_receivers_has_the_role_of_a_receiver() -> None:
    assert [role_of(name) for name in STEADY.servers] == ["receiver", "receiver", "escalation", "web"]
    assert dataclasses.replace(STEADY, receivers=1).servers == STEADY.roles
