"""Rotas between their published form and the one that the rules know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import time

from escalation.ids import CommitteeId, PersonId, RotaId, UserId
from escalation.rota import Layer, OnHolidays, Override, Rota
from escalation.rota_complaints import RotaComplaint
from escalation.rota_shifts import Shift
from larmcentral.api.problems import Refusal
from larmcentral.api.shapes_rotas import RotaDraft, RotaLayer, RotaOverride, RotaView
from larmcentral.domain import views_house


def rota_of(rota_id: RotaId, body: RotaDraft, standing: Rota | None, *, by: UserId) -> Rota:
    """Return the rota that a manager wrote. standing: the version that stands, None for a new one.

    Overrides that he left as they were keep who made them.
    """
    overrides = () if standing is None else standing.overrides
    if body.overrides is not None:
        makers = {_unsigned(one): one.made_by for one in overrides}
        written = (override_of(one, by) for one in body.overrides)
        overrides = tuple(override_of(_as_body(one), makers.get(_unsigned(one), by)) for one in written)
    return Rota(
        id=rota_id,
        name=body.name,
        layers=tuple(map(_layer_of, body.layers)),
        overrides=overrides,
        zone=body.zone,
        version=body.version,
    )


def override_of(body: RotaOverride, by: UserId) -> Override:
    """Return an override as somebody asked for it."""
    return Override(
        person_id=PersonId(body.person_id),
        from_at=body.from_at,
        until_at=body.until_at,
        layer=body.layer,
        ground=body.ground,
        made_by=by,
    )


def view_of(committee_id: CommitteeId, rota: Rota, names: Mapping[PersonId, str]) -> RotaView:
    """Return a rota's published form."""
    return RotaView(
        id=rota.id,
        committee_id=committee_id,
        version=rota.version,
        name=rota.name,
        zone=rota.zone,
        layers=[_as_layer(layer) for layer in rota.layers],
        overrides=[_as_body(one) for one in rota.overrides],
        persons={str(person_id): name for person_id, name in names.items()},
    )


def shift_views(shifts: Iterable[Shift], names: Mapping[PersonId, str]) -> tuple[views_house.RotaShift, ...]:
    """Return shifts with the names of those who have them; somebody out of sight has none."""
    return tuple(
        views_house.RotaShift(
            person_id=one.person_id,
            person=names.get(one.person_id, ""),
            layer=one.layer,
            from_at=one.from_at,
            until_at=one.until_at,
        )
        for one in shifts
    )


def complained(found: Sequence[RotaComplaint]) -> dict[str, str]:
    """Return complaints as the fields of a refusal: where and what, with what belongs to it."""
    return {
        f"{number}.{one.kind.value}": " ".join(f"{key}={value}" for key, value in _told(one))
        for number, one in enumerate(found)
    }


def _told(one: RotaComplaint) -> Iterable[tuple[str, object]]:
    if one.layer is not None:
        yield "layer", one.layer
    if one.override is not None:
        yield "override", one.override
    yield from one.fields


def persons_of(rota: Rota) -> frozenset[PersonId]:
    """Return everybody whom a rota names."""
    layered = {person_id for layer in rota.layers for person_id in layer.persons}
    return frozenset(layered | {one.person_id for one in rota.overrides})


def _layer_of(body: RotaLayer) -> Layer:
    if (body.from_hour is None) != (body.to_hour is None):
        raise Refusal(422, "invalid", fields={"from_hour": "both_or_neither"})
    hours: tuple[time, time] | None = None
    if body.from_hour is not None and body.to_hour is not None:
        hours = (body.from_hour, body.to_hour)
    return Layer(
        name=body.name,
        persons=tuple(map(PersonId, body.persons)),
        starts_on=body.starts_on,
        hand_over=body.hand_over,
        length_days=body.length_days,
        hours=hours,
        weekdays=frozenset(body.weekdays),
        holidays=OnHolidays(body.holidays),
    )


def _as_layer(layer: Layer) -> RotaLayer:
    from_hour, to_hour = layer.hours or (None, None)
    return RotaLayer(
        name=layer.name,
        persons=list(layer.persons),
        starts_on=layer.starts_on,
        hand_over=layer.hand_over,
        length_days=layer.length_days,
        from_hour=from_hour,
        to_hour=to_hour,
        weekdays=sorted(layer.weekdays),
        holidays=layer.holidays.value,
    )


def _as_body(one: Override) -> RotaOverride:
    return RotaOverride(
        person_id=one.person_id, from_at=one.from_at, until_at=one.until_at, layer=one.layer, ground=one.ground
    )


def _unsigned(one: Override) -> tuple[object, ...]:
    return one.person_id, one.from_at, one.until_at, one.layer, one.ground
