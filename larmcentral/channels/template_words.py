"""A committee's templates on each medium: how long they may be, how they are filled, how they would read. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from escalation.chain import Medium
from escalation.ids import CommitteeId
from larmcentral.channels.cutting import utf8_bytes
from larmcentral.channels.filling import GSM7, UCS2, Measure, Values, fill, fill_message
from larmcentral.channels.gsm7 import is_gsm7
from larmcentral.channels.language import Language
from larmcentral.channels.words import PAGER_ELLIPSIS
from larmcentral.channels.words_spoken import VOICE
from larmcentral.domain.templates import (
    Piece,
    Placeholder,
    Template,
    TemplateComplaint,
    TemplateFault,
    TemplateKey,
    grammar_complaints,
    pieces,
)

FindTemplate = Callable[[CommitteeId, TemplateKey], Template | None]
"""Returns a committee's words for such notices, or None where it has none of its own. Never waits, never raises."""

PAGER_SIGNS: Final = 80
"""What a handset shows without turning the page, where the settings say nothing else."""

SUBJECT_SAMPLE: Final = "Märta-Lisa Lindqvist"
"""Twenty signs: longer than nine names of ten."""
PLACE_SAMPLE: Final = "Kyrkogatan 15, Hemtjänst Norra"
"""Thirty signs: a street with its number, or a house with its unit."""
LATE_SAMPLE: Final = "119 min"
LATE_SAMPLE_ALOUD_MIN: Final = 119

TITLES: Final[Mapping[Medium, Measure]] = {
    Medium.PUSH: Measure(120, utf8_bytes),
    Medium.MAIL: Measure(150, len),
    Medium.TEAMS: Measure(150, len),
    Medium.WEBHOOK: Measure(150, len),
}
BODIES: Final[Mapping[Medium, Measure]] = {
    Medium.PUSH: Measure(600, utf8_bytes),
    Medium.MAIL: Measure(3000, len),
    Medium.TEAMS: Measure(2500, len),
    Medium.WEBHOOK: Measure(2500, len),
    Medium.VOICE: VOICE,
    Medium.PAGER: Measure(PAGER_SIGNS, len, PAGER_ELLIPSIS),
}
"""All but the text message, which has two alphabets and a limit for each."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A template with a notice's facts in it. title: "" where the medium has none."""

    title: str
    body: str


def filled(template: Template, values: Values, *, limit: int | None = None) -> Filled | None:
    """Return the words, names cut where they are too long; None where the template cannot be used as it stands.

    limit: of a pager that shows less, or more, than PAGER_SIGNS.
    """
    medium = template.key.medium
    try:
        body, title = pieces(template.body), pieces(template.title or "")
    except ValueError:
        return None
    if medium is Medium.SMS:
        said = fill_message(body, values)
    else:
        measure = BODIES[medium]
        said = fill(body, values, measure if limit is None else Measure(limit, measure.weigh, measure.ellipsis))
    headed = fill(title, values, TITLES[medium]) if medium in TITLES else ""
    if not said or headed is None or (medium in TITLES and not headed):
        return None
    return Filled(title=headed, body=said)


def complaints(template: Template, words: Language) -> tuple[TemplateComplaint, ...]:
    """Say why a template may not be saved; empty if it may. Its length counts with every placeholder at its sample."""
    found = grammar_complaints(template)
    if found:
        return found
    sample = samples(template.key, words)
    long = []
    if template.title is not None:
        long += _too_long("title", pieces(template.title), sample, TITLES[template.key.medium])
    return (*long, *_too_long("body", pieces(template.body), sample, measure_of(template, sample)))


def samples(key: TemplateKey, words: Language) -> Values:
    """Return what each placeholder counts as: a kind of alarm as itself, or as the longest where all are meant."""
    kinds = words.kinds.values() if key.kind is None else [words.kinds[key.kind]]
    aloud = key.medium is Medium.VOICE
    late = (
        words.spoken.late.format(age=words.spoken.minutes.format(count=LATE_SAMPLE_ALOUD_MIN))
        if aloud
        else words.late.format(age=LATE_SAMPLE)
    )
    return {
        Placeholder.KIND: max(kinds, key=len),
        Placeholder.SUBJECT: SUBJECT_SAMPLE,
        Placeholder.PLACE: PLACE_SAMPLE,
        Placeholder.TIME: "14.02" if aloud and words.code == "sv" else "14:02",
        Placeholder.LATENESS: late,
        Placeholder.ADVICE: words.silent_advice if key.silent else "",
    }


def measure_of(template: Template, values: Values) -> Measure:
    """Return how the body is counted; of a text message it depends on its alphabet."""
    if template.key.medium is not Medium.SMS:
        return BODIES[template.key.medium]
    return GSM7 if is_gsm7(whole(pieces(template.body), values)) else UCS2


def whole(text: tuple[Piece, ...], values: Values) -> str:
    """Return a text with everything filled in, whatever its length."""
    return "".join(piece if isinstance(piece, str) else values[piece] for piece in text)


def _too_long(part: str, text: tuple[Piece, ...], sample: Values, measure: Measure) -> list[TemplateComplaint]:
    counted = measure.weigh(whole(text, sample))
    if counted <= measure.limit:
        return []
    fields = (("counted", str(counted)), ("most", str(measure.limit)), ("unit", unit_of(measure)))
    return [TemplateComplaint(TemplateFault.TOO_LONG, part, fields)]


def unit_of(measure: Measure) -> str:
    """Return what a measure counts: septets, utf16, bytes or signs."""
    if measure is GSM7:
        return "septets"
    if measure is UCS2:
        return "utf16"
    return "bytes" if measure.weigh is utf8_bytes else "signs"
