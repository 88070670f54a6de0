"""Fill in who and where so that a text keeps its limit: names give way, the words around them never do. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from larmcentral.channels.cutting import cut
from larmcentral.channels.gsm7 import GSM7_LIMIT, UCS2_LIMIT, fits_one_message, is_gsm7, septets, utf16_units
from larmcentral.channels.gsm7_nearest import NO_SIGN, nearest
from larmcentral.domain.templates import Piece, Placeholder

Values = Mapping[Placeholder, str]


@dataclass(frozen=True, slots=True)
class Measure:
    """How a medium counts, and how far it goes. ellipsis: stands where something was cut."""

    limit: int
    weigh: Callable[[str], int]
    ellipsis: str = "…"


GSM7: Final = Measure(GSM7_LIMIT, septets, "...")
UCS2: Final = Measure(UCS2_LIMIT, utf16_units)

_SPACES: Final = re.compile(r" {2,}")
_LONELY: Final = re.compile(r" +(?=[,.;:!?])| +$", re.MULTILINE)
_DOUBLED: Final = re.compile(r",+(?=[,.;:!?])")
_CUTTABLE: Final = (Placeholder.SUBJECT, Placeholder.PLACE)


def fill(pieces: Sequence[Piece], values: Values, measure: Measure) -> str | None:
    """Return the text with everything filled in, or None if not even its own words fit.

    Where it would be too long, the subject and the place are cut: the longer of the two first, and both alike only
    where neither leaves enough for the other.
    """
    whole = _joined(pieces, values)
    if measure.weigh(whole) <= measure.limit:
        return whole
    bare = _bare(pieces, values)
    room = measure.limit - measure.weigh(bare)
    counts = {one: sum(piece is one for piece in pieces) for one in _CUTTABLE}
    asked = {one: measure.weigh(values.get(one, "")) for one in _CUTTABLE}
    least = measure.weigh(measure.ellipsis)
    shares = _shares(room, counts, asked)
    if any(counts[one] and shares[one] < min(asked[one], least) for one in _CUTTABLE):
        return None
    given = {one: cut(values.get(one, ""), shares[one], measure.weigh, measure.ellipsis) for one in _CUTTABLE}
    filled = _joined(pieces, {**values, **given})
    return filled if measure.weigh(filled) <= measure.limit else None


def fill_message(pieces: Sequence[Piece], values: Values) -> str | None:
    """Return one text message, or None if the words around the names fit into none.

    A name with a foreign sign costs more than half of the room. It is kept where all fits nevertheless; else it is
    written with the nearest signs, and only where there are none the names are cut instead.
    """
    whole = _joined(pieces, values)
    if fits_one_message(whole):
        return whole
    plain_words = is_gsm7(_bare(pieces, values))
    if plain_words:
        near = {one: nearest(value) for one, value in values.items()}
        lost = any(near[one].count(NO_SIGN) > values[one].count(NO_SIGN) for one in near)
        if not lost:
            return fill(pieces, near, GSM7)
    return fill(pieces, values, UCS2) or (fill(pieces, near, GSM7) if plain_words else None)


def tidy(text: str) -> str:
    """Return the text without the gaps that empty words left: doubled spaces, a space before a stop, a lonely comma."""
    return _SPACES.sub(" ", _DOUBLED.sub("", _LONELY.sub("", text))).strip()


def _joined(pieces: Sequence[Piece], values: Values) -> str:
    return tidy("".join(piece if isinstance(piece, str) else values.get(piece, "") for piece in pieces))


def _bare(pieces: Sequence[Piece], values: Values) -> str:
    """The text around the names, untidied: tidying what is filled in can only make it shorter than this says."""
    nameless = {**values, **dict.fromkeys(_CUTTABLE, "")}
    return "".join(piece if isinstance(piece, str) else nameless.get(piece, "") for piece in pieces)


def _shares(room: int, counts: Mapping[Placeholder, int], asked: Mapping[Placeholder, int]) -> dict[Placeholder, int]:
    """How much each mention of subject and place may weigh."""
    mentions = sum(counts.values())
    if mentions == 0:
        return dict.fromkeys(counts, 0)
    equal = room // mentions
    shares = {one: min(asked[one], equal) for one in counts}
    for one in counts:
        (other,) = [each for each in counts if each is not one]
        if counts[one] and asked[one] > equal and asked[other] <= equal:
            shares[one] = (room - shares[other] * counts[other]) // counts[one]
    return shares
