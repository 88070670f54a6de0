"""What people agree among themselves: an override that makes room for itself, and a swap of two shifts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from escalation.ids import UserId
from escalation.incident import Refused
from escalation.rota import Override, Rota
from escalation.rota_shifts import Shift

SWAPPED = "swap"


def with_override(rota: Rota, override: Override) -> Rota:
    """Return the rota with one more override. What older ones say of the same time and layer is cut out of them.

    The version stays: whoever stores the rota counts it up.
    """
    kept = [left for older in rota.overrides for left in _left_of(older, override, len(rota.layers))]
    return replace(rota, overrides=(*kept, override))


def swap(rota: Rota, a_shift: Shift, b_shift: Shift, *, made_by: UserId, ground: str = SWAPPED) -> Rota:
    """Return the rota with two persons' shifts exchanged, by two overrides.

    The shifts are those of this rota, just laid out. Raises Refused for two shifts of the same person.
    """
    if a_shift.person_id == b_shift.person_id:
        raise Refused("same_person")
    for shift, other in ((a_shift, b_shift), (b_shift, a_shift)):
        standing_in = Override(
            person_id=other.person_id,
            from_at=shift.from_at,
            until_at=shift.until_at,
            layer=shift.layer,
            ground=ground,
            made_by=made_by,
        )
        rota = with_override(rota, standing_in)
    return rota


def _left_of(older: Override, newer: Override, layers: int) -> Iterator[Override]:
    """What an older override still says beside a newer one."""
    if older.until_at <= newer.from_at or newer.until_at <= older.from_at:
        yield older
    elif newer.layer is None or older.layer == newer.layer:
        if older.from_at < newer.from_at:
            yield replace(older, until_at=newer.from_at)
        if newer.until_at < older.until_at:
            yield replace(older, from_at=newer.until_at)
    elif older.layer is not None:
        yield older
    else:
        for layer in range(layers):
            yield from _left_of(replace(older, layer=layer), newer, layers)
