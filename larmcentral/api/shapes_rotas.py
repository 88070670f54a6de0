"""What crosses HTTP about rotas, chains and the dry run: who is told, when, and by which rule."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema

from larmcentral.api.shapes import Kind, Moment, Shape

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Ground = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]


def _without_zone(value: time) -> time:
    if value.tzinfo is not None:
        raise ValueError("a rota's hours are the house's own")
    return value


HourOfDay = Annotated[
    time,
    AfterValidator(_without_zone),
    WithJsonSchema({"type": "string", "pattern": r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?$"}),
]
"""Local time. JSON Schema's own `time` wants a zone beside it."""
LayerIndex = Annotated[int, Field(ge=0, le=20)]


class RotaRow(Shape):
    """One row of GET /api/rotas."""

    id: UUID
    committee_id: UUID
    name: str
    version: int


class RotaLayer(Shape):
    """PUT /api/rotas/{rota_id}, part: persons who take turns, as escalation.rota.Layer says.

    from_hour, to_hour: both or neither; over midnight where to is not the later one. weekdays: 0 is Monday; empty is
    every day.
    """

    name: Name
    persons: Annotated[list[UUID], Field(max_length=200)]
    starts_on: date
    hand_over: HourOfDay = time(8)
    length_days: int = 7
    from_hour: HourOfDay | None = None
    to_hour: HourOfDay | None = None
    weekdays: Annotated[list[int], Field(max_length=7, default_factory=list)]
    holidays: Literal["always", "only_holidays", "not_holidays"] = "always"


class RotaOverride(Shape):
    """POST /api/rotas/{rota_id}/overrides: somebody stands in. layer: index, None for all of them."""

    person_id: UUID
    from_at: Moment
    until_at: Moment
    layer: LayerIndex | None = None
    ground: Ground = ""


class RotaDraft(Shape):
    """PUT /api/rotas/{rota_id}. version: the one it was made from, 0 for a new rota. overrides: None keeps them."""

    committee_id: UUID
    version: Annotated[int, Field(ge=0)]
    name: Name
    zone: Annotated[str, StringConstraints(max_length=100)] = "Europe/Stockholm"
    layers: Annotated[list[RotaLayer], Field(max_length=20)]
    overrides: Annotated[list[RotaOverride], Field(max_length=2000)] | None = None


class RotaView(Shape):
    """GET /api/rotas/{rota_id}. persons: names of those it names, as far as one may know them."""

    id: UUID
    committee_id: UUID
    version: int
    name: str
    zone: str
    layers: list[RotaLayer]
    overrides: list[RotaOverride]
    persons: dict[str, str]


class Saved(Shape):
    """The version that stands now."""

    version: int


class ShiftMeant(Shape):
    """POST /api/rotas/{rota_id}/swaps, part: the shift of a layer that runs at a moment."""

    layer: LayerIndex
    at: Moment


class RotaSwap(Shape):
    """POST /api/rotas/{rota_id}/swaps: two persons take each other's shifts."""

    one: ShiftMeant
    other: ShiftMeant
    ground: Ground = "swap"


class RotaShift(Shape):
    """One row of GET /api/rotas/{rota_id}/shifts."""

    person_id: UUID
    person: str
    layer: int
    from_at: datetime
    until_at: datetime


class RotaGap(Shape):
    """One row of GET /api/rotas/{rota_id}/gaps: nobody at all is on call."""

    from_at: datetime
    until_at: datetime


class OnCallPerson(Shape):
    """Somebody on call."""

    person_id: UUID
    person: str


class OnCallView(Shape):
    """GET /api/rotas/{rota_id}/on-call: first called first. holiday: whether the rota's local day is one."""

    at: datetime
    day: date
    holiday: bool
    persons: list[OnCallPerson]


class ChainUse(Shape):
    """POST, PUT or GET of a chain, part: which alarms take it; of the whole committee where both are None."""

    unit_id: UUID | None = None
    kind: Kind | None = None


class ChainRow(Shape):
    """One row of GET /api/chains."""

    id: UUID
    committee_id: UUID
    name: str
    version: int
    uses: list[ChainUse]


class ChainDraft(Shape):
    """PUT /api/chains/{chain_id} and POST /api/chains/complaints. chain: as its author writes it, times in seconds.

    version: the one it was made from, 0 for a new chain. uses: all the alarms that shall take it; PUT alone looks at
    version and uses.
    """

    committee_id: UUID
    version: Annotated[int, Field(ge=0)] = 0
    chain: dict[str, Any]
    uses: Annotated[list[ChainUse], Field(max_length=200, default_factory=list)]


class ChainView(Shape):
    """GET /api/chains/{chain_id}: the newest version, as its author would write it."""

    id: UUID
    committee_id: UUID
    version: int
    chain: dict[str, Any]


class ComplaintView(Shape):
    """One reason why a chain or rota may not go live. where: indexes such as step or layer. fields: for the words."""

    kind: str
    where: dict[str, int]
    fields: dict[str, str]


class DryCall(Shape):
    """One row of GET /api/dry-run. after_s: seconds from the alarm. as_of_now: chosen by who is near just now.

    receiver: of a row whose what is 'receiver', the alarm receiving centre's name.
    """

    after_s: float
    what: str
    step: int | None
    round: int
    person_id: UUID | None = None
    person: str | None = None
    channel: str | None = None
    receiver: str | None = None
    why: str | None = None
    as_of_now: bool = False
