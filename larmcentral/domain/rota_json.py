"""A rota and a safety plan as JSON, as the database keeps them."""

from __future__ import annotations

from typing import Final

import msgspec

from escalation.plan import SafetyPlan
from escalation.rota import Rota

_rotas: Final = msgspec.json.Decoder(Rota)
_plans: Final = msgspec.json.Decoder(SafetyPlan)


def dump_rota(rota: Rota) -> str:
    """Return a rota as JSON text."""
    return msgspec.json.encode(rota, order="deterministic").decode()


def load_rota(text: str | bytes) -> Rota:
    """Read back what dump_rota wrote; fields that this version added take their defaults."""
    return _rotas.decode(text)


def dump_plan(plan: SafetyPlan) -> str:
    """Return a plan as JSON text."""
    return msgspec.json.encode(plan).decode()


def load_plan(text: str | bytes) -> SafetyPlan:
    """Read back what dump_plan wrote; what it does not name is as usual."""
    return _plans.decode(text)
