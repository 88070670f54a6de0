"""An incident on one card: what an operator sees and says when he rings the emergency services himself. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from escalation.alarm import AlarmKind
from escalation.chain import Risk
from escalation.effects import About, EntryKind
from escalation.ids import IncidentId
from escalation.purpose import Purpose
from larmcentral.channels.cutting import plain
from larmcentral.channels.facts import age_aloud, aloud, clock_aloud
from larmcentral.channels.language import Language
from larmcentral.channels.words_english import ENGLISH
from larmcentral.channels.words_swedish import SWEDISH
from larmcentral.domain.case_number import case_number
from larmcentral.domain.views import IncidentDetail, IncidentView, PlaceOfIncident, TimelineEntry
from larmcentral.domain.views_card import (
    CardCall,
    CardCentre,
    CardPerson,
    CardPlace,
    CardPosition,
    CardResponder,
    CardScript,
    SosCard,
)

OLD_AFTER_S: Final = 60.0
"""A younger position is where he is, as far as a car is concerned."""
NAMES_SAID: Final = 3
"""More names tell nobody on the telephone anything."""

_CENTRE_STATES: Final = {
    EntryKind.NOTICE_FILED.value: "told",
    EntryKind.RECEIVER_UNREACHED.value: "unreached",
    EntryKind.RECEIVER_TOOK.value: "took",
}
_FLAGGED: Final = frozenset({Risk.RAISED.name.lower(), Risk.EVIDENT.name.lower()})


class SosCards:
    """Writes cards. zone: for times of day. centre: who rings, by name. call_back: where the desk is reached."""

    def __init__(self, zone: str, centre: str, call_back: str | None) -> None:
        self._zone, self._centre, self._call_back = ZoneInfo(zone), centre, call_back

    def card(self, detail: IncidentDetail, now: datetime) -> SosCard:
        """Return what the operator sees and says. now: for the age of a position."""
        incident = detail.incident
        card = SosCard(
            incident_id=incident.id,
            number=case_number(IncidentId(incident.id)),
            purpose=incident.purpose,
            state=incident.state,
            kind=incident.kind,
            silent=incident.silent,
            opened_at=incident.opened_at,
            lateness_s=incident.lateness_s,
            centre=self._centre,
            call_back=self._call_back,
            person=_person(incident),
            place=None if detail.place is None else _place(detail.place),
            position=_position(incident, now),
            responders=tuple(
                CardResponder(name=one.name, state=one.state, since=one.since) for one in incident.responders
            ),
            centres=_centres(detail.timeline),
            calls=tuple(_calls(detail.timeline)),
            scripts=(),
        )
        return replace(card, scripts=tuple(_script(card, words, self._zone) for words in (SWEDISH, ENGLISH)))


def _person(incident: IncidentView) -> CardPerson:
    person, device = incident.person, incident.device
    named = "" if device is None else device.label or f"{device.protocol}/{device.account}"
    return CardPerson(
        name=None if person is None else person.name,
        unit=None if person is None else person.unit,
        employer=None if person is None else person.employer,
        device=named,
        phone=None if person is None or incident.silent else person.phone,
        do_not_ring=incident.silent,
    )


def _place(place: PlaceOfIncident) -> CardPlace:
    return CardPlace(
        name=place.name,
        address=place.address,
        floor=place.floor,
        door_code=place.door_code,
        danger=place.notes or None,
        risk=place.risk,
        ground=place.ground,
        lat=place.lat,
        lon=place.lon,
    )


def _position(incident: IncidentView, now: datetime) -> CardPosition | None:
    found = incident.position
    if found is None:
        return None
    age = now - (found.fix_at or found.received_at)
    return CardPosition(
        lat=found.lat,
        lon=found.lon,
        accuracy_m=found.accuracy_m,
        age_s=max(age.total_seconds(), 0.0),
        valid=found.valid,
    )


def _centres(timeline: Iterable[TimelineEntry]) -> tuple[CardCentre, ...]:
    """Each centre with the last that is known of it; what it was told of the end is not the alarm."""
    found: dict[str, CardCentre] = {}
    for line in timeline:
        receiver = line.detail.get("receiver")
        if receiver is not None and line.kind in _CENTRE_STATES and line.detail.get("about") != About.OVER.value:
            found[receiver] = CardCentre(receiver=receiver, state=_CENTRE_STATES[line.kind], at=line.at)
    return tuple(found.values())


def _calls(timeline: Iterable[TimelineEntry]) -> Iterable[CardCall]:
    for line in timeline:
        if line.kind == EntryKind.SOS_CALL.value:
            yield CardCall(
                what=line.detail.get("what", ""), text=line.detail.get("text", ""), at=line.at, by=line.by.name
            )


def _script(card: SosCard, words: Language, zone: ZoneInfo) -> CardScript:
    """What to say first: what and whom, where, what waits there, and how they reach us."""
    kind = words.kinds[AlarmKind(card.kind)]
    if card.purpose != Purpose.REAL.value:
        return CardScript(language=words.code, kind=kind, sentences=(words.read.drill,))
    said = (_opening(card, kind, words, zone), _where(card, words), _what_waits(card, words), _ending(card, words))
    return CardScript(language=words.code, kind=kind, sentences=tuple(one for one in said if one))


def _opening(card: SosCard, kind: str, words: Language, zone: ZoneInfo) -> str:
    read, person = words.read, card.person
    parts = [read.opening.format(centre=plain(card.centre), kind=kind.lower())]
    if card.silent:
        parts.append(read.silent)
    if person.name is not None:
        who = ", ".join(plain(part) for part in (person.name, person.unit) if part)
        parts.append(read.about.format(who=who))
    else:
        parts.append(read.about_nobody.format(device=aloud(plain(person.device), words)))
    parts.append(read.since.format(time=clock_aloud(card.opened_at, words, zone)))
    return " ".join(parts)


def _where(card: SosCard, words: Language) -> str:
    read, place, position = words.read, card.place, card.position
    if place is not None:
        told = [read.place.format(place=aloud(plain(place.name), words))]
        if place.address and plain(place.address) != plain(place.name):
            told.append(read.address.format(address=aloud(plain(place.address), words)))
        if place.floor:
            told.append(read.floor.format(floor=aloud(plain(place.floor), words)))
        if place.door_code:
            told.append(read.door_code.format(door_code=" ".join(plain(place.door_code))))
        return ", ".join(told) + "."
    if position is None:
        return read.nowhere
    north, south, east, west = read.compass
    told = [
        read.position.format(
            lat=_degrees(position.lat, north, south, read.decimal),
            lon=_degrees(position.lon, east, west, read.decimal),
        )
    ]
    if position.accuracy_m is not None:
        told.append(read.accuracy.format(metres=max(round(position.accuracy_m), 1)))
    if position.age_s >= OLD_AFTER_S:
        told.append(read.position_age.format(age=age_aloud(position.age_s, words)))
    return ", ".join(told) + "."


def _what_waits(card: SosCard, words: Language) -> str:
    place, read = card.place, words.read
    parts = []
    if place is not None and place.risk in _FLAGGED:
        parts.append(read.flagged)
    if place is not None and place.danger:
        parts.append(read.danger.format(danger=plain(place.danger).rstrip(".")))
    for state, sentence in (("on_site", read.on_site), ("going", read.on_the_way)):
        names = [plain(one.name) for one in card.responders if one.state == state and one.name]
        if names:
            parts.append(sentence.format(names=", ".join(names[:NAMES_SAID])))
    return " ".join(parts)


def _ending(card: SosCard, words: Language) -> str:
    parts = [] if card.call_back is None else [words.read.call_back.format(number=card.call_back)]
    return " ".join((*parts, words.read.number.format(number=card.number)))


def _degrees(value: float, positive: str, negative: str, decimal: str) -> str:
    """Five decimals are a metre; nobody says more on the telephone."""
    return f"{abs(value):.5f}".replace(".", decimal) + f" {positive if value >= 0 else negative}"
