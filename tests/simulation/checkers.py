"""What must be true of what came out, whatever went in. Each checker returns words for what is wrong.

They look at tables, channel logs, acks and the list of what the world did; never into the server.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from escalation.alarm import AlarmKind
from escalation.effects import About, ArmTimer, EntryKind
from escalation.ids import IncidentId, PersonId
from escalation.invariants import invariants
from escalation.purpose import Purpose
from escalation.replay import replay
from larmcentral.domain.alarm_kind import ALARM_KINDS
from larmcentral.domain.timeline import first_broken
from protocols.signal import SignalKind
from tests.simulation.centre_checkers import CENTRE_CHECKERS
from tests.simulation.journal import Calm
from tests.simulation.session_checkers import SESSION_CHECKERS

if TYPE_CHECKING:
    from tests.simulation.world import World

BOUND: Final = timedelta(seconds=1)
"""A deadline is acted on within a quarter of a second where nothing is broken; the rest is the world's own slack."""
AFTER_HEALING: Final = timedelta(seconds=5)
"""After a restart everything overdue is acted on within five seconds."""
STALE: Final = timedelta(seconds=1.5)
"""A notice that waited less than a second in memory goes without another look at the outbox."""


def acked_is_stored(world: World) -> Iterator[str]:
    """What was acked is on disk, once; and an alarm that was acked has its incident."""
    stored = defaultdict(list)
    for row in world.store.tables.signals.values():
        stored[row.new.signal.repeat_key].append(row)
    for press in world.journal.presses.values():
        rows = stored[press.key]
        if len(rows) > 1:
            yield f"{press.key} is stored {len(rows)} times"
        if press.acked_at is None:
            continue
        if not rows:
            yield f"{press.key} ({press.kind.value}) was acked at {press.acked_at:%a %H:%M:%S} and is not stored"
        for row in rows:
            if press.kind not in ALARM_KINDS or press.kind in COUNTED:
                continue
            if row.incident_id is None:
                yield f"{press.key} ({press.kind.value}) was acked and has no incident"
                continue
            record = world.store.tables.incidents[row.incident_id]
            if record.incident.purpose is not Purpose.REAL:
                yield f"{press.key} ({press.kind.value}) is in an incident of purpose {record.incident.purpose.value}"
            if record.incident.subject != press.person_id:
                yield f"{press.key} is in somebody else's incident"
            covert = press.silent or press.kind is SignalKind.DURESS
            if record.subject.covert != covert:
                yield f"{press.key} is {'covert' if covert else 'visible'} and its incident is not"


COUNTED: Final = frozenset({SignalKind.FALL, SignalKind.MAN_DOWN, SignalKind.NO_MOTION})
"""These may be counted down before they are alarms; session_checkers.py looks after countdowns."""


def devices_are_acked(world: World) -> Iterator[str]:
    """Where a device had time enough to repeat itself, it was acked in the end."""
    for press in world.journal.presses.values():
        since = world.clock.now() - press.began_at
        if press.acked_at is None and world.healed and since > timedelta(hours=2):
            yield f"{press.key} ({press.kind.value}) was never acked in {since}"


def open_is_armed(world: World) -> Iterator[str]:
    """Every open incident has its deadline, and every other law of incidents holds."""
    for at, incident_id in world.journal.unarmed:
        yield f"incident {incident_id} was left without a deadline at {at:%a %H:%M:%S}"
    armed = defaultdict(list)
    for (incident_id, kind, person_id), row in world.store.tables.deadlines.items():
        armed[incident_id].append(ArmTimer(kind, row.due_at, row.fence, person_id))
    for incident_id, record in world.store.tables.incidents.items():
        for words in invariants(record.incident, armed[incident_id]):
            yield f"incident {incident_id}: {words}"


def nothing_is_overdue(world: World) -> Iterator[str]:
    """At the end everything works: nothing that is due waits."""
    tables, now = world.store.tables, world.clock.now()
    for (incident_id, kind, _), row in tables.deadlines.items():
        if row.due_at < now - AFTER_HEALING:
            yield f"{kind.value} of incident {incident_id} is overdue since {row.due_at:%a %H:%M:%S}"
    for vigil_id, vigil in tables.vigils.items():
        if vigil.core.ended_at is None and vigil.core.due_at is not None and vigil.core.due_at < now - AFTER_HEALING:
            yield f"{vigil.kind.value} {vigil_id} is overdue since {vigil.core.due_at:%a %H:%M:%S}"
    for notice_id, notice in tables.notices.items():
        if notice.pending and notice.due_at < now - timedelta(seconds=30):
            yield f"notice {notice_id} waits since {notice.due_at:%a %H:%M:%S}"


def deadlines_in_time(world: World) -> Iterator[str]:
    """No deadline early; none late, but for what was broken at that time."""
    calm = Calm(world.journal.troubles)
    for firing in world.journal.firings:
        what = f"{firing.kind} of {firing.of} was due {firing.due_at:%a %H:%M:%S.%f}"
        if firing.early:
            yield f"{what} and came early, {firing.at:%a %H:%M:%S.%f}"
        elif firing.at > firing.due_at + BOUND and not firing.at <= calm.done_by(firing.due_at, AFTER_HEALING):
            yield f"{what} and came {(firing.at - firing.due_at).total_seconds():.3f} s late"


def no_alarm_after_the_end(world: World) -> Iterator[str]:
    """After the stand-down nobody is called, but by notices that were out already."""
    journal = world.journal
    for handing in journal.handings:
        notice = handing.notice
        if notice.incident_id is None or notice.text.about is not About.ALARM:
            continue
        ended_at = journal.ended.get(notice.incident_id)
        if ended_at is None or handing.at <= ended_at + STALE:
            continue
        lease = journal.leases.get(notice.id)
        if lease is not None and lease.committed_at <= ended_at and handing.at <= lease.known_at + STALE:
            continue
        yield (
            f"notice {notice.id} of incident {notice.incident_id} went out "
            f"{(handing.at - ended_at).total_seconds():.1f} s after the stand-down"
        )


def drills_stay_in(world: World) -> Iterator[str]:
    """A drill or a test reaches nobody outside the house."""
    for handing in world.journal.handings:
        notice = handing.notice
        if notice.purpose is Purpose.REAL:
            continue
        if notice.channel.outward:
            yield f"a {notice.purpose.value}'s notice {notice.id} left by {notice.channel.value}"
        if notice.person_id is not None and world.people.by_id[notice.person_id].person.external:
            yield f"a {notice.purpose.value}'s notice {notice.id} reached somebody of another employer"


def timelines_are_whole(world: World) -> Iterator[str]:
    """Hashes chain up, and the story ends in the incident's own state."""
    for incident_id, record in world.store.tables.incidents.items():
        lines = world.store.tables.timeline[incident_id]
        broken = first_broken(incident_id, lines)
        if broken is not None:
            yield f"the timeline of {incident_id} is broken at {broken}"
        if len(lines) != record.entries or lines[-1].hash != record.last_hash:
            yield f"the timeline of {incident_id} is not the one the incident knows of"
        try:
            state = replay(line.entry for line in lines)
        except ValueError as error:
            yield f"the timeline of {incident_id} tells of no incident: {error}"
        else:
            if state is not record.incident.state:
                yield f"the timeline of {incident_id} ends {state.value}, the incident is {record.incident.state.value}"


def the_wearer_hears_nothing(world: World) -> Iterator[str]:
    """Nobody is called to his own alarm."""
    for handing in world.journal.handings:
        notice = handing.notice
        if notice.incident_id is None or notice.person_id is None:
            continue
        record, about = world.store.tables.incidents[notice.incident_id], notice.text.about
        if record.incident.subject != notice.person_id:
            continue
        if about not in (COVERTLY if record.subject.covert else OPENLY):
            what = "covert " * record.subject.covert + str(notice.incident_id)
            yield f"the wearer of {what} was told of it himself ({about.value} by {notice.channel.value})"
        if _under_duress(world, notice.incident_id, handing.at):
            yield f"the wearer of {notice.incident_id} was told {about.value} after a duress alarm"
    for at, wearer, downlink in world.journal.downlinks:
        if downlink.incident_id is not None and _under_duress(world, downlink.incident_id, at):
            yield f"the device of {wearer} was told {downlink.kind.value} after a duress alarm"


COVERTLY: Final = frozenset({About.TAKEN})
OPENLY: Final = frozenset({About.TAKEN, About.POINT_GONE, About.MESSAGE})
"""What a wearer may learn of his own alarm: that a person has it, that one of his phones cannot be reached, and what
the desk has to say to him."""


def _under_duress(world: World, incident_id: IncidentId, at: datetime) -> bool:
    return any(
        dict(line.entry.detail).get("kind") == AlarmKind.DURESS.value and line.entry.at < at
        for line in world.store.tables.timeline[incident_id]
    )


def a_no_is_a_no(world: World) -> Iterator[str]:
    """Who has declined is not rung again in the same round, unless somebody adds him by name."""
    for incident_id in world.store.tables.incidents:
        declined: dict[str, int] = {}
        round_ = 1
        added = False
        for line in world.store.tables.timeline[incident_id]:
            detail, kind = dict(line.entry.detail), line.entry.kind
            if "round" in detail:
                round_ = int(detail["round"])
            if kind is EntryKind.DECLINED:
                declined[str(getattr(line.entry.by, "person_id", ""))] = round_
            elif kind in {EntryKind.ACKNOWLEDGED, EntryKind.ON_THE_WAY, EntryKind.ARRIVED}:
                declined.pop(str(getattr(line.entry.by, "person_id", "")), None)
            elif kind is EntryKind.PEOPLE_ADDED:
                added = True
            elif kind is EntryKind.NOTICE_FILED and not added and "about" not in detail:
                again = declined.get(detail.get("person", "")) == round_
                yield from [f"{incident_id}: who declined in round {round_} was rung again in it"] * again


def somebody_is_told(world: World) -> Iterator[str]:
    """An incident reaches the desk or a person within seconds of what was broken."""
    calm = Calm(world.journal.troubles)
    first: dict[object, datetime] = {}
    for handing in world.journal.handings:
        if handing.notice.incident_id is not None and handing.accepted:
            first.setdefault(handing.notice.incident_id, handing.at)
    for incident_id, record in world.store.tables.incidents.items():
        opened_at = record.incident.opened_at
        told_at = first.get(incident_id)
        ended_at = record.incident.stood_down_at or record.incident.acknowledged_at
        by = calm.done_by(opened_at, timedelta(seconds=20))
        if (ended_at is None or ended_at > by) and (told_at is None or told_at > by) and world.clock.now() > by:
            yield f"nobody was told of {incident_id}, opened {opened_at:%a %H:%M:%S}, by {by:%a %H:%M:%S}"


def shown(
    forced: Mapping[PersonId, Sequence[tuple[datetime, str]]], free: Mapping[PersonId, Sequence[tuple[datetime, str]]]
) -> list[str]:
    """Say where what reached workers' phones differs between a world with duress PINs and its twin without."""
    found = []
    for person_id in sorted({*forced, *free}):
        pairs = zip_longest(forced.get(person_id, ()), free.get(person_id, ()))
        differing = next((pair for pair in pairs if not _same(*pair)), None)
        if differing is not None:
            found.append(f"the phone of {person_id} shows {differing[0]} under duress and {differing[1]} without")
    return found


def _same(one: tuple[datetime, str] | None, other: tuple[datetime, str] | None) -> bool:
    """The same words at the same moment, and of the same moments; a clock of floats may be a microsecond off."""
    if one is None or other is None:
        return one is other
    times = [[at, *map(datetime.fromisoformat, _TIME.findall(words))] for at, words in (one, other)]
    alike = _TIME.sub("", one[1]) == _TIME.sub("", other[1])
    return alike and all(abs(a - b) < timedelta(milliseconds=1) for a, b in zip(*times, strict=True))


_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?\+00:00")


def nothing_failed(world: World) -> Iterator[str]:
    """The server's own log names no failure of ours."""
    for words in world.journal.complaints:
        if not any(expected in words for expected in EXPECTED):
            yield f"logged: {words}"


EXPECTED: Final = ("audit",)
"""What the auditor calls out is for the other checkers to judge."""

CHECKERS: Final[tuple[Callable[[World], Iterator[str]], ...]] = (
    acked_is_stored,
    devices_are_acked,
    open_is_armed,
    nothing_is_overdue,
    deadlines_in_time,
    no_alarm_after_the_end,
    drills_stay_in,
    timelines_are_whole,
    the_wearer_hears_nothing,
    a_no_is_a_no,
    somebody_is_told,
    nothing_failed,
    *CENTRE_CHECKERS,
    *SESSION_CHECKERS,
)


def wrong_with(world: World) -> list[str]:
    """Everything that is wrong with a world that has been lived through, at most a few words of each sort."""
    found: list[str] = []
    for checker in CHECKERS:
        words = list(checker(world))
        found.extend(f"{checker.__name__}: {one}" for one in words[:3])
        if len(words) > 3:
            found.append(f"{checker.__name__}: and {len(words) - 3} more")
    return found
