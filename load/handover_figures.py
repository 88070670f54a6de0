"""From the incident's step to the centre's answer, and what silent receivers cost: figures, targets, facts. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from uuid import UUID

from load.afterwards import Check
from load.centres import PROTOCOLS, Recorded
from load.figures import Figure, figure
from load.generator import Pressed
from load.profile import Profile
from load.report import Verdict


class Scene(Enum):
    """What the centres do while a case comes up."""

    WARM_UP = "warm_up"
    RUN = "run"
    UNAWARE = "unaware"
    """The primaries are silent, and nobody here knows of it yet."""
    AWARE = "aware"
    """They are silent still, and a case before this one found it out."""
    SILENT = "silent"
    """No receiver answers."""


def unaware_of(profile: Profile) -> int:
    """Return how many cases meet the primaries' silence before anybody knows of it."""
    return profile.fail_over // 4


def scene_of(profile: Profile, number: int) -> Scene:
    """Return the scene of a press by its number."""
    number -= profile.warm_up_presses
    if number < 0:
        return Scene.WARM_UP
    for scene, count in (
        (Scene.RUN, profile.run_presses),
        (Scene.UNAWARE, unaware_of(profile)),
        (Scene.AWARE, profile.fail_over - unaware_of(profile)),
    ):
        if number < count:
            return scene
        number -= count
    return Scene.SILENT


@dataclass(frozen=True, slots=True)
class Try:
    """One try on one path, from the timeline. Times are monotonic seconds of this machine, as everywhere here."""

    path: str
    at_s: float
    ended_s: float
    took: bool


@dataclass(frozen=True, slots=True)
class Case:
    """A press and its incident; None where none was opened. raised_s, drawn_s: its fault, on disk and at the desk."""

    press: Pressed
    scene: Scene
    incident_id: UUID | None
    number: str
    step_s: float | None
    raised_s: float | None = None
    drawn_s: float | None = None


@dataclass(frozen=True, slots=True)
class Handed:
    """A case and one centre. tries: in order. line_s: when the timeline says that it took the case."""

    case: Case
    receiver: str
    tries: tuple[Try, ...]
    line_s: float | None
    recorded: tuple[Recorded, ...]

    @property
    def answered_s(self) -> float | None:
        """When a receiver of the centre had answered that it has the case; None if none has."""
        return next((one.ended_s for one in self.tries if one.took), None)

    @property
    def recorded_s(self) -> float | None:
        """When a receiver that took it had read it, by its own record."""
        return next((one.at_s for one in self.recorded if one.took), None)


@dataclass(frozen=True, slots=True)
class Measured:
    """Percentiles, and what they are held against, if anything. limit_ms: past it a time counts as over."""

    figure: Figure
    limit_ms: float
    verdict: Verdict | None = None


def answer(handed: Handed) -> float | None:
    """From the incident's step to the centre's answer."""
    return _between(handed.case.step_s, handed.answered_s)


def record(handed: Handed) -> float | None:
    """From the intended press to the centre's record."""
    return _between(handed.case.press.intended_s, handed.recorded_s)


def line(handed: Handed) -> float | None:
    """From the incident's step to the line on the timeline, which is written when results have gathered."""
    return _between(handed.case.step_s, handed.line_s)


def fail_over(handed: Handed) -> float | None:
    """From the first try, at the silent primary, to the answer."""
    return _between(handed.tries[0].at_s if handed.tries else None, handed.answered_s)


def measured(handed: Sequence[Handed], cases: Sequence[Case], profile: Profile) -> list[Measured]:
    """Return every figure that there are times for, centre by centre."""
    targets = profile.targets
    found: list[Measured | None] = []
    for receiver, protocol in PROTOCOLS.items():
        of_one = [one for one in handed if one.receiver == receiver]
        run, unaware, aware = (_of(of_one, scene) for scene in (Scene.RUN, Scene.UNAWARE, Scene.AWARE))
        first = f"{protocol}: fail-over"
        found += [
            _p99(f"{protocol}: step to the centre's answer", map(answer, run), targets.p99_ms),
            _timed(f"{protocol}: intended press to the centre's record", map(record, run), targets.p99_ms),
            _timed(f"{protocol}: step to its line on the timeline", map(line, run), targets.p99_ms),
            _slowest(f"{first}, nobody knew yet", map(fail_over, unaware), targets.fail_over_ms),
            _p99(f"{first}, those after", map(fail_over, aware), targets.p99_ms),
        ]
    silent = [case for case in cases if case.scene is Scene.SILENT]
    raised = (_between(case.step_s, case.raised_s) for case in silent)
    drawn = (_between(case.step_s, case.drawn_s) for case in silent)
    found += [
        _timed("both silent: step to the fault on disk", raised, targets.fault_ms),
        _slowest("both silent: step to the fault at the desk", drawn, targets.fault_ms),
    ]
    return [one for one in found if one is not None]


def facts(handed: Sequence[Handed], cases: Sequence[Case], profile: Profile) -> list[Check]:
    """Return what must hold of the cases whatever the times were."""
    said = [
        Check("presses acked", sum(case.press.acked_s is not None for case in cases), len(cases)),
        Check("presses that opened an incident of their own", len({c.incident_id for c in cases} - {None}), len(cases)),
    ]
    for receiver, protocol in PROTOCOLS.items():
        of_one = [one for one in handed if one.receiver == receiver]
        said += [
            Check(f"{protocol}: cases taken", sum(one.answered_s is not None for one in of_one), len(cases)),
            Check(
                f"{protocol}: of them in the centre's record",
                sum(one.recorded_s is not None for one in of_one),
                len(cases),
            ),
        ]
    unaware, aware = _of(handed, Scene.UNAWARE), _of(handed, Scene.AWARE)
    silent = [case for case in cases if case.scene is Scene.SILENT]
    others = [case for case in cases if case.scene is not Scene.SILENT]
    return [
        *said,
        # Else a heartbeat had found it out before the first case, and the fail-over was not measured at its worst.
        Check(
            "unaware cases that met the silent primary first", sum(_failed_first(one) for one in unaware), len(unaware)
        ),
        Check("cases after them that met it first", sum(_failed_first(one) for one in aware), 0),
        Check("cases without any answer that became a fault", sum(c.raised_s is not None for c in silent), len(silent)),
        Check("of these faults at the desk", sum(c.drawn_s is not None for c in silent), len(silent)),
        Check("other cases that became a fault", sum(c.raised_s is not None for c in others), 0),
    ]


def taken_twice(handed: Iterable[Handed]) -> int:
    """Return how many cases stand twice or more in a centre's records as taken."""
    return sum(sum(each.took for each in one.recorded) > 1 for one in handed)


def _failed_first(handed: Handed) -> bool:
    return bool(handed.tries) and not handed.tries[0].took


def _of(handed: Iterable[Handed], scene: Scene) -> list[Handed]:
    return [one for one in handed if one.case.scene is scene]


def _timed(what: str, seconds: Iterable[float | None], limit_ms: float) -> Measured | None:
    """Measure what no target is for; None where no time was found."""
    found = figure(what, (each for each in seconds if each is not None), limit_ms)
    return None if found is None else Measured(found, limit_ms)


def _p99(what: str, seconds: Iterable[float | None], limit_ms: float) -> Measured | None:
    found = _timed(what, seconds, limit_ms)
    if found is None:
        return None
    return replace(found, verdict=Verdict(f"p99, {what}", found.figure.p99_ms, limit_ms, "ms"))


def _slowest(what: str, seconds: Iterable[float | None], limit_ms: float) -> Measured | None:
    found = _timed(what, seconds, limit_ms)
    if found is None:
        return None
    return replace(found, verdict=Verdict(f"slowest, {what}", found.figure.max_ms, limit_ms, "ms"))


def _between(from_s: float | None, to_s: float | None) -> float | None:
    return None if from_s is None or to_s is None else to_s - from_s


def matched(
    cases: Sequence[Case],
    tries: Mapping[tuple[UUID, str], Sequence[Try]],
    lines_s: Mapping[tuple[UUID, str], float],
    recorded: Iterable[Recorded],
) -> list[Handed]:
    """Return every case with each centre. Keys: incident and receiver; the record names the case's number."""
    by_number: dict[tuple[str, str], list[Recorded]] = {}
    for one in recorded:
        by_number.setdefault((one.receiver, one.number), []).append(one)
    return [
        Handed(
            case=case,
            receiver=receiver,
            tries=tuple(tries.get((case.incident_id, receiver), ())),
            line_s=lines_s.get((case.incident_id, receiver)),
            recorded=tuple(by_number.get((receiver, case.number), ())),
        )
        for case in cases
        if case.incident_id is not None
        for receiver in PROTOCOLS
    ]
