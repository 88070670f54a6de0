"""The desk's action plans in Älvmården: for a panic, a fall, a row in a reception, an attack, and all other alarms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID

from escalation.action_plan import ActionPlan, PlanStep
from escalation.alarm import AlarmKind
from larmcentral.domain.register import Home
from larmcentral.store.register import Register

_PANIC: Final = (
    PlanStep("listen", "Lyssna på enheten om den kan det. Säg inget som avslöjar att larmet är mottaget."),
    PlanStep("colleague", "Skicka närmaste kollega. Ingen går in ensam: vänta in den andra utanför dörren."),
    PlanStep("sos", "Ring 112 om hot eller våld pågår eller om ingen får kontakt. Läs upp kortet."),
    PlanStep("wearer", "Ring upp den som larmar, men aldrig vid tyst larm."),
    PlanStep("leader", "Underrätta enhetschefen. Utan svar: chef i beredskap."),
    PlanStep("stay", "Håll kontakten tills någon är på plats och säger att läget är lugnt."),
    PlanStep("support", "Erbjud samtal och sällskap hem. Fråga om polisanmälan."),
)
_FALL: Final = (
    PlanStep("call", "Ring upp den som larmar och fråga hur det är."),
    PlanStep("colleague", "Skicka närmaste kollega om ingen svarar eller hjälp behövs. Säg portkod och våning."),
    PlanStep("sos", "Ring 112 vid misstänkt skada, bröstsmärta eller medvetslöshet."),
    PlanStep("still", "Be den som har fallit ligga stilla tills någon är på plats."),
    PlanStep("leader", "Underrätta enhetschefen om någon är skadad: anmälan kan behöva göras samma dag."),
)
_ROW: Final = (
    PlanStep("colleagues", "Kontrollera att kollegorna i huset är på väg, minst två."),
    PlanStep("call", "Ring receptionen och fråga om de vill ha vakt."),
    PlanStep("guard", "Skicka vakt om besökaren inte lämnar lokalen."),
    PlanStep("sos", "Ring 112 om bråket blir hot eller våld, och höj larmet."),
)
_OTHER: Final = (
    PlanStep("call", "Ring upp den som larmar, men aldrig vid tyst larm eller tvång."),
    PlanStep("colleague", "Får du ingen kontakt: skicka närmaste kollega till senaste kända plats."),
    PlanStep("sos", "Ring 112 om något tyder på hot, våld eller skada. Läs upp kortet."),
    PlanStep("leader", "Underrätta enhetschefen om ingen har fått kontakt."),
)


async def write_plans(
    register: Register, care: Home, social: Home, an_id: Callable[[str], UUID], now: datetime
) -> None:
    """Enter them; repeatable. an_id: the play's own names to ids."""
    for home, name, kind, steps in (
        (care, "Överfall vid hembesök", AlarmKind.PANIC, _PANIC),
        (care, "Fall", AlarmKind.FALL, _FALL),
        (care, "Bråk i receptionen", AlarmKind.GROUP_ALARM, _ROW),
        (care, "Överfall i verksamheten", AlarmKind.HOLD_UP, _PANIC),
        (care, "Övriga larm", None, _OTHER),
        (social, "Hot i besöksrum", AlarmKind.PANIC, _PANIC),
        (social, "Övriga larm i socialtjänsten", None, _OTHER),
    ):
        plan = ActionPlan(id=an_id(f"åtgärdsplan {name}"), name=name, version=1, steps=steps, kind=kind)
        await register.action_plan(home, plan, now)
