"""Why a rota may not go live: typed, so that the words can be made in any language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import Enum
from typing import Final
from zoneinfo import ZoneInfo

from escalation.rota import Layer, Override, Rota

MAX_LAYERS: Final = 10
"""One is called after the other; nobody waits for an eleventh."""
MAX_PERSONS: Final = 100
"""In one layer: at a week each, everybody's turn comes once in two years."""
MAX_OVERRIDES: Final = 1000
"""Two a day for more than a year; past ones can go."""
LONGEST_TURN_DAYS: Final = 366
LONGEST_OVERRIDE: Final = timedelta(days=366)
"""Who stands in for longer belongs in the layer."""
_WEEK: Final = frozenset(range(7))


class RotaComplaintKind(Enum):
    """What is wrong. The words, and the fields they may use, are beside each."""

    UNKNOWN_ZONE = "unknown_zone"  # zone
    NO_LAYERS = "no_layers"
    TOO_MANY_LAYERS = "too_many_layers"  # layers, most
    EMPTY_LAYER = "empty_layer"  # names nobody
    TOO_MANY_PERSONS = "too_many_persons"  # persons, most
    HAND_OVER_ODD = "hand_over_odd"  # not a whole minute of the rota's own wall time
    HOURS_ODD = "hours_odd"  # the same of the layer's hours
    LENGTH_TOO_SHORT = "length_too_short"  # days, least
    LENGTH_TOO_LONG = "length_too_long"  # days, most
    NO_SUCH_WEEKDAY = "no_such_weekday"  # weekdays
    TOO_MANY_OVERRIDES = "too_many_overrides"  # overrides, most
    OVERRIDE_WITHOUT_ZONE = "override_without_zone"  # a time that does not say which clock
    OVERRIDE_ENDS_BEFORE_IT_BEGINS = "override_ends_before_it_begins"
    OVERRIDE_TOO_LONG = "override_too_long"  # days, most
    OVERRIDE_OF_NO_LAYER = "override_of_no_layer"  # layer
    OVERRIDES_OVERLAP = "overrides_overlap"  # other: index of the earlier one


@dataclass(frozen=True, slots=True)
class RotaComplaint:
    """One reason. layer, override: index of what is meant, None where it is not one. fields: pairs for the words."""

    kind: RotaComplaintKind
    layer: int | None = None
    override: int | None = None
    fields: tuple[tuple[str, str], ...] = ()


def rota_complaints(rota: Rota) -> tuple[RotaComplaint, ...]:
    """Say why a rota may not go live; empty if it may. Gaps are no complaint: other rotas may cover them."""
    return (*_of_rota(rota), *_of_layers(rota), *_of_overrides(rota))


def _of_rota(rota: Rota) -> Iterator[RotaComplaint]:
    if not _is_zone(rota.zone):
        yield RotaComplaint(RotaComplaintKind.UNKNOWN_ZONE, fields=(("zone", rota.zone),))
    if not rota.layers:
        yield RotaComplaint(RotaComplaintKind.NO_LAYERS)
    elif len(rota.layers) > MAX_LAYERS:
        yield RotaComplaint(
            RotaComplaintKind.TOO_MANY_LAYERS, fields=(("layers", str(len(rota.layers))), ("most", str(MAX_LAYERS)))
        )
    if len(rota.overrides) > MAX_OVERRIDES:
        yield RotaComplaint(
            RotaComplaintKind.TOO_MANY_OVERRIDES,
            fields=(("overrides", str(len(rota.overrides))), ("most", str(MAX_OVERRIDES))),
        )


def _of_layers(rota: Rota) -> Iterator[RotaComplaint]:
    for index, layer in enumerate(rota.layers):
        yield from _of_layer(index, layer)


def _of_layer(index: int, layer: Layer) -> Iterator[RotaComplaint]:
    persons, days = str(len(layer.persons)), ("days", str(layer.length_days))
    if not layer.persons:
        yield RotaComplaint(RotaComplaintKind.EMPTY_LAYER, index)
    elif len(layer.persons) > MAX_PERSONS:
        fields = (("persons", persons), ("most", str(MAX_PERSONS)))
        yield RotaComplaint(RotaComplaintKind.TOO_MANY_PERSONS, index, fields=fields)
    if _odd(layer.hand_over):
        yield RotaComplaint(RotaComplaintKind.HAND_OVER_ODD, index)
    if layer.hours is not None and any(_odd(hour) for hour in layer.hours):
        yield RotaComplaint(RotaComplaintKind.HOURS_ODD, index)
    if layer.length_days < 1:
        yield RotaComplaint(RotaComplaintKind.LENGTH_TOO_SHORT, index, fields=(days, ("least", "1")))
    elif layer.length_days > LONGEST_TURN_DAYS:
        yield RotaComplaint(RotaComplaintKind.LENGTH_TOO_LONG, index, fields=(days, ("most", str(LONGEST_TURN_DAYS))))
    if not layer.weekdays <= _WEEK:
        said = " ".join(str(day) for day in sorted(layer.weekdays - _WEEK))
        yield RotaComplaint(RotaComplaintKind.NO_SUCH_WEEKDAY, index, fields=(("weekdays", said),))


def _of_overrides(rota: Rota) -> Iterator[RotaComplaint]:
    sound: list[tuple[int, Override]] = []
    for index, override in enumerate(rota.overrides):
        complaint = _of_override(override, index, len(rota.layers))
        if complaint is None:
            sound.append((index, override))
        else:
            yield complaint
    overlaps = {
        (max(pair), min(pair)) for layer in range(len(rota.layers)) for pair in _overlapping_pairs(sound, layer)
    }
    for later, earlier in sorted(overlaps):
        yield RotaComplaint(
            RotaComplaintKind.OVERRIDES_OVERLAP, rota.overrides[later].layer, later, (("other", str(earlier)),)
        )


def _of_override(override: Override, index: int, layers: int) -> RotaComplaint | None:
    """The first thing that is wrong with it: the next may only follow from that."""
    if _naive(override.from_at) or _naive(override.until_at):
        return RotaComplaint(RotaComplaintKind.OVERRIDE_WITHOUT_ZONE, override.layer, index)
    if override.until_at <= override.from_at:
        return RotaComplaint(RotaComplaintKind.OVERRIDE_ENDS_BEFORE_IT_BEGINS, override.layer, index)
    lasts = override.until_at - override.from_at
    if lasts > LONGEST_OVERRIDE:
        fields = (("days", str(lasts.days)), ("most", str(LONGEST_OVERRIDE.days)))
        return RotaComplaint(RotaComplaintKind.OVERRIDE_TOO_LONG, override.layer, index, fields)
    if override.layer is not None and not 0 <= override.layer < layers:
        fields_of_layer = (("layer", str(override.layer)),)
        return RotaComplaint(RotaComplaintKind.OVERRIDE_OF_NO_LAYER, None, index, fields_of_layer)
    return None


def _overlapping_pairs(overrides: list[tuple[int, Override]], layer: int) -> Iterator[tuple[int, int]]:
    """Each override of a layer that begins before another has ended, with that other; one of them where several are."""
    reaching: tuple[int, Override] | None = None
    ours = (one for one in overrides if one[1].layer in {None, layer})
    for index, override in sorted(ours, key=lambda one: (one[1].from_at, one[0])):
        if reaching is not None and override.from_at < reaching[1].until_at:
            yield index, reaching[0]
        if reaching is None or override.until_at > reaching[1].until_at:
            reaching = index, override


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not found; leaves the folder of the zones; is a folder itself
        return False
    return True


def _odd(wall: time) -> bool:
    return wall.tzinfo is not None or bool(wall.second or wall.microsecond)


def _naive(at: datetime) -> bool:
    return at.tzinfo is None or at.utcoffset() is None
