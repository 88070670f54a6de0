"""Stories with a contracted alarm receiving centre: it takes a case, or it is not reached."""

from uuid import UUID

from escalation.effects import EntryKind
from escalation.events import ForwardFailed, ForwardTaken, Outcome, StoodDown
from escalation.ids import IncidentId
from tests.escalation.cast import ANNA, DESK, FIA, NORD, Case, phones, step

OTHER = IncidentId(UUID(int=0xA2))
OVER = StoodDown(FIA, Outcome.REAL, "")


def alone() -> Case:
    """A step of the centre alone, and the desk a minute later."""
    return Case([step(NORD, media=(), wait=60), step(DESK, wait=60)], phones(ANNA))


def took(case: Case, *, in_test: bool = False) -> ForwardTaken:
    return ForwardTaken(case.handed(NORD), "nord", "primary", in_test)


def rung_up(case: Case) -> ForwardTaken:
    """Its receivers did not answer, and its people were told by telephone."""
    return ForwardTaken(case.handed(NORD), "nord", "jour", by_telephone=True)


def lost(case: Case, *, lasting: bool = False) -> ForwardFailed:
    return ForwardFailed(case.handed(NORD), "nord", lasting, case.roster)


def detail(case: Case, kind: EntryKind) -> list[dict[str, str]]:
    return [dict(one.detail) for one in case.last.entries if one.kind is kind]
