"""What is written down about a person for whoever helps him, and who may read whom to tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import assert_never

from larmcentral.domain.roles import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class NextOfKin:
    """Somebody close to a person. relation, phone: empty where not known."""

    name: str
    relation: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierText:
    """What a manager writes down. notes: what helpers should know. next_of_kin: whom to tell, first first."""

    notes: str = field(default="", repr=False)
    next_of_kin: tuple[NextOfKin, ...] = field(default=(), repr=False)


def may_see_kin(role: Role, *, calls_for_help: bool) -> bool:
    """Say who may read whom to tell: those who answer for the work always, the desk while a real call is not over.

    calls_for_help: whoever asks named an alarm of the person, a real one, that is open or in hand.
    """
    match role:
        case Role.MANAGER | Role.ADMIN:
            return True
        case Role.OPERATOR:
            return calls_for_help
        case Role.RESPONDER | Role.WORKER:
            return False
        case _:
            assert_never(role)
