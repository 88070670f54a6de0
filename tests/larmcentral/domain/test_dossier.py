"""Who may read whom to tell."""

from __future__ import annotations

from larmcentral.domain.dossier import may_see_kin
from larmcentral.domain.roles import Role


def test_managers_always_the_desk_on_a_call_for_help_and_nobody_else() -> None:
    assert {role for role in Role if may_see_kin(role, calls_for_help=True)} == {
        Role.OPERATOR,
        Role.MANAGER,
        Role.ADMIN,
    }
    assert {role for role in Role if may_see_kin(role, calls_for_help=False)} == {Role.MANAGER, Role.ADMIN}
