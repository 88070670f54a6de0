"""What is taken out of a copy that strangers may read: whatever names or finds a person."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from larmcentral.domain.case_file import CaseFile

_ACTS: Final = frozenset({"operator", "responder"})
"""Staff who acted on the account stay named: what they did is what it accounts for."""
_SHORTEST: Final = 2
_LIKE_A_WORD: Final = 3
"""So short a name is hidden only as it is written, with its capital: "bo" is a verb."""
# Telephone numbers, personal numbers, coordinates: seven digits or more, however they are set apart on one line, or a
# decimal with three places and more.
_NUMBERS: Final = re.compile(r"\+?[0-9](?:(?:[()/.\-\u2010-\u2015]|[^\S\n]){0,3}[0-9]){6,}|[0-9]{1,3}[.,][0-9]{3,}")
# A word of a name, with what ties two of them: Anna-Karin, O'Brien.
_WORDS: Final = re.compile(r"[^\W\d_]+(?:[-'\u2010\u2011\u2019][^\W\d_]+)*")
_TIES: Final = re.compile(r"[-'\u2010\u2011\u2019]")


class Veil:
    """Lies over a redacted copy. mark: what is read in place of what was taken out."""

    def __init__(self, hidden: Iterable[str], mark: str) -> None:
        found = {part for whole in hidden for part in _parts_of(_composed(whole))}
        parts = sorted((part for part in found if len(part) >= _SHORTEST), key=len, reverse=True)
        self._mark = mark
        self._words = re.compile("|".join(map(_as_a_word, parts)) or r"(?!)")

    def hide(self, value: str) -> str:
        """Take a whole value out."""
        return self._mark if value else value

    def text(self, value: str) -> str:
        """Take out of free text what is known to name or find somebody."""
        return _NUMBERS.sub(self._mark, self._words.sub(self._mark, _composed(value)))


class NoVeil(Veil):
    """Lies over a copy for the house itself: everything is there."""

    def __init__(self) -> None:
        super().__init__((), "")

    def hide(self, value: str) -> str:
        """Leave it."""
        return value

    def text(self, value: str) -> str:
        """Leave it."""
        return value


def _parts_of(whole: str) -> Iterator[str]:
    """A name or an address, its words, and the halves of a double one: who is called Anna-Karin is also called Anna."""
    yield whole
    for word in _WORDS.findall(whole):
        yield word
        yield from _TIES.split(word)


def _composed(text: str) -> str:
    """Text in which each sign is one, whichever machine it was typed on: some write Å as an A and a ring."""
    return unicodedata.normalize("NFC", text)


def _as_a_word(part: str) -> str:
    """An expression for a name on its own, or with a Swedish genitive behind it."""
    short = len(part) <= _LIKE_A_WORD
    words = f"(?:{re.escape(part)}|{re.escape(part.upper())})" if short else f"(?i:{re.escape(part)})"
    return rf"(?<!\w){words}[sS]?(?!\w)"


def veil_over(case: CaseFile, mark: str) -> Veil:
    """Return the veil for a case: everybody in it but the staff who acted, and where it was."""
    staff = names_of_staff(case)
    return Veil((one for one in _known(case) if one not in staff), mark)


def names_of_staff(case: CaseFile) -> frozenset[str]:
    """Return the names of operators and responders who acted; never the wearer's, whatever he is besides."""
    person = case.detail.incident.person
    acted = {line.by for line in case.lines if line.actor.get("kind") in _ACTS and line.by is not None}
    owner = case.detail.incident.owner
    if owner is not None:
        acted.add(owner.name)
    return frozenset(acted) - ({person.name} if person is not None else set())


def _known(case: CaseFile) -> Iterator[str]:
    incident, place = case.detail.incident, case.detail.place
    if incident.person is not None:
        yield incident.person.name
        yield incident.person.phone or ""
    if incident.device is not None:
        yield incident.device.label or ""
        yield incident.device.account
    yield from (one.name for one in incident.responders)
    yield from (one.person or "" for one in case.notices)
    yield incident.place or ""
    if place is not None:
        yield from (place.name, place.address, place.door_code)
