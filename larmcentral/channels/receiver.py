"""A contracted alarm receiving centre, by one path after the other until it has the case. Takes Forward only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

import structlog

from escalation.alarm import AlarmKind
from escalation.chain import Channel
from larmcentral.channels.receiver_memory import CaseMemory, case_of
from larmcentral.channels.receiver_number import NumberPath
from larmcentral.channels.receiver_path import PathAnswer, PathResult, ReceiverPath
from larmcentral.channels.words_swedish import SWEDISH
from larmcentral.domain.forwarding import Handover, MappingRow, Rehearsed
from larmcentral.domain.forwarding_tests import fingerprint, made_up_case, nobodys_case
from larmcentral.domain.forwarding_texts import handover_of, marked_handover
from larmcentral.domain.notice import Delivery, DeliveryState, Forward, PathTry, Probe, ServiceMessage
from larmcentral.ports import Clock
from larmcentral.ports.forwarders import BeatPlan, Pulse

log = structlog.get_logger(__name__)

FAILED_FOR_S: Final = 300.0
"""How long a path that failed is tried behind the others, unless a heartbeat or a probe finds it well before."""
HELD_BACK_S: Final = 60.0
"""How long a path that refused our password is left alone: a centre may lock out who goes on with a wrong one."""
PROBED_EVERY: Final = timedelta(seconds=60)
"""Where no heartbeat was ordered we only look whether the address answers."""
ANSWER_SIGNS: Final = 500
ROW_NOT_READ_S: Final = 2.0
"""A row that was just changed has reached every process after this long."""

LEFT_ALONE: Final = "left alone for a while: it refuses our name or password"


class Agreed(Protocol):
    """What was agreed with the centre, at hand without waiting."""

    def row(self, receiver: str, kind: AlarmKind, silent: bool) -> MappingRow:
        """Return the row that holds just now."""
        ...

    def in_test(self, receiver: str) -> bool:
        """Say whether the centre has us in its test state just now."""
        ...


class ForwarderChannel:
    """One centre. paths: in the order of trying; telephones stay behind all receivers, whatever failed before."""

    def __init__(
        self,
        name: str,
        label: str,
        paths: Sequence[ReceiverPath],
        book: Agreed,
        clock: Clock,
        *,
        duplicate_window: timedelta = timedelta(minutes=10),
        zone: str = "Europe/Stockholm",
    ) -> None:
        """label: as people call the centre. duplicate_window: within it a case that was taken is not told again, and
        nobody is texted twice.
        """
        self._name, self._label, self._book, self._clock = name, label, book, clock
        self._paths = tuple(path for path in paths if not isinstance(path, NumberPath))
        self._numbers = tuple(path for path in paths if isinstance(path, NumberPath))
        self._zone = ZoneInfo(zone)
        self._failed_until_s: dict[str, float] = {}
        self._held_until_s: dict[str, float] = {}
        self._taken, self._telephoned = CaseMemory(clock, duplicate_window), CaseMemory(clock, duplicate_window)

    @property
    def name(self) -> str:
        """Return the forwarder's name in the settings."""
        return self._name

    async def start(self) -> None:
        """Start every path."""
        for path in (*self._paths, *self._numbers):
            await path.start()

    async def stop(self) -> None:
        """Stop every path; tries under way end as RETRY."""
        for path in (*self._paths, *self._numbers):
            await path.stop()

    async def send(self, notice: Forward) -> Delivery:
        """Hand a case over, or tell that it is over. SENT: a machine has it; nobody has read it yet.

        A path takes up to its own deadline, then the next is tried. Where no receiver takes it, its people are told by
        telephone, once; that is no receipt, so the state stays that of the receivers, which are tried on.
        """
        if not isinstance(notice, Forward):
            raise TypeError("a centre is handed real cases only")
        if notice.receiver != self._name:
            return Delivery(state=DeliveryState.REFUSED, reason=f"{self._name} is not {notice.receiver}")
        if notice.text.kind is None:
            return Delivery(state=DeliveryState.REFUSED, reason="a case without a kind of alarm has no row")
        in_test = self._book.in_test(self._name)
        case = case_of(notice)
        if (path := self._taken.of(case)) is not None:
            return Delivery(state=DeliveryState.SENT, reason="the centre took this case already", provider_id=path)
        row = self._book.row(self._name, notice.text.kind, notice.text.silent)
        handover = handover_of(notice, row, kind=SWEDISH.kinds[notice.text.kind], zone=self._zone)
        # A centre that has telephones alone agreed to them: there is no receiver that could answer better.
        delivery = await self._climb(handover, self._in_order() or self._numbers, in_test=in_test)
        if delivery.state is DeliveryState.SENT:
            if delivery.provider_id is not None and not delivery.in_test:
                # A centre in test forgets what it takes: once it tests no more, the case must reach it again.
                self._taken.keep(case, delivery.provider_id)
            return delivery
        if not self._paths or not self._numbers or notice.by_telephone or self._telephoned.of(case) is not None:
            return delivery
        told = await self._climb(handover, self._numbers, in_test=in_test)
        if told.provider_id is not None:
            self._telephoned.keep(case, told.provider_id)
        return _told_by_telephone(delivery, told)

    async def post(self, message: ServiceMessage) -> Delivery:
        """Try one row with the centre, marked as a test in every text; refused unless the centre is told of it.

        address: forwarder/kind/"silent" or "open"/fingerprint of the row (the last may be left out).
        """
        if not isinstance(message, ServiceMessage):
            raise TypeError("only words about ourselves are posted")
        row = self._row_at(message)
        if row is None:
            return Delivery(state=DeliveryState.REFUSED, reason="no row of this centre")
        # What was set or changed just now may not have been read by this process yet: it is asked once more.
        if not self._book.in_test(self._name):
            return _not_read_yet("the centre is not told that we test: set its test state first")
        wanted = message.address.split("/")[3:]
        if wanted and wanted != [fingerprint(row)]:
            return _not_read_yet("the row was changed since the test was asked for")
        handover = marked_handover(
            row,
            nobodys_case(),
            name=f"test-{message.id}",
            kind=SWEDISH.kinds[row.kind],
            at=self._clock.now(),
            zone=self._zone,
        )
        return await self._climb(handover, self._in_order(), in_test=True)

    async def probe(self) -> Probe:
        """Find out whether any receiver of the centre answers; each that does is tried in its turn again."""
        reasons = []
        alive = False
        for path in self._paths:
            found = await path.probe()
            self._looked(path.name, found.alive)
            alive = alive or found.alive
            if not found.alive:
                reasons.append(f"{path.name}: {found.reason}")
        return Probe(alive or not self._paths, "; ".join(reasons))

    def beats(self) -> Sequence[BeatPlan]:
        """Return the receivers to look after: by heartbeat where one was ordered, else by a look."""
        return [BeatPlan(path.name, path.beat_every or PROBED_EVERY) for path in self._paths]

    async def beat(self, path: str) -> Pulse:
        """Say on a path that we live, or look whether it answers."""
        [found] = [one for one in self._paths if one.name == path]
        if found.beat_every is None:
            probe = await found.probe()
            self._looked(path, probe.alive)
            return Pulse(probe.alive, "" if probe.alive else probe.reason)
        if self._clock.monotonic() < self._held_until_s.get(path, 0.0):
            return Pulse(False, LEFT_ALONE)
        answer = await found.heartbeat()
        self._tried(found, answer.result)
        return Pulse(answer.result is PathResult.TOOK, answer.words)

    def rehearse(self, row: MappingRow, *, restore: bool = False) -> tuple[Rehearsed, ...]:
        """Return what each path would send of a made-up case by this row. Sends nothing."""
        now = self._clock.now()
        handover = marked_handover(
            row, made_up_case(now), name="rehearsal", kind=SWEDISH.kinds[row.kind], at=now, zone=self._zone
        )
        told = replace(handover, restore=restore)
        return tuple(path.rehearse(told) for path in (*self._paths, *self._numbers))

    async def _climb(self, handover: Handover, paths: Sequence[ReceiverPath], *, in_test: bool) -> Delivery:
        """Try path by path until one takes it."""
        tries: list[PathTry] = []
        answers: list[PathAnswer] = []
        for path in paths:
            answer, one = await self._try(path, handover)
            answers.append(answer)
            tries.append(one)
            if answer.result is PathResult.TOOK:
                return Delivery(
                    state=DeliveryState.SENT,
                    provider_id=path.name,
                    answer=f"{path.name}: {answer.words}"[:ANSWER_SIGNS],
                    paths=tuple(tries),
                    in_test=in_test or answer.in_test,
                )
        words = "; ".join(f"{one.path}: {one.result}" for one in tries)[:ANSWER_SIGNS]
        may_pass = any(answer.result is PathResult.UNREACHED for answer in answers)
        return Delivery(
            state=DeliveryState.RETRY if may_pass else DeliveryState.REFUSED,
            reason=words or "no path leads there",
            answer=words,
            paths=tuple(tries),
            in_test=in_test,
            about_us=any(answer.result is PathResult.UNAUTHORISED for answer in answers),
        )

    async def _try(self, path: ReceiverPath, handover: Handover) -> tuple[PathAnswer, PathTry]:
        at, began_s = self._clock.now(), self._clock.monotonic()
        if began_s < self._held_until_s.get(path.name, 0.0):
            # Nobody was asked, so nothing was refused: it is tried again when the pause is over.
            answer = PathAnswer(PathResult.UNREACHED, LEFT_ALONE)
        else:
            answer = await self._handed(path, handover)
            self._tried(path, answer.result)
        words = f"{answer.words} (shortest form)" if answer.minimal else answer.words
        seconds = self._clock.monotonic() - began_s
        took = answer.result is PathResult.TOOK
        return answer, PathTry(path=path.name, at=at, seconds=seconds, took=took, result=words)

    async def _handed(self, path: ReceiverPath, handover: Handover) -> PathAnswer:
        try:
            return await path.hand_over(handover)
        except Exception:
            # A bug of ours in one protocol must not keep the case from the next path: that is what it is there for.
            log.exception("path_broke", receiver=self._name, path=path.name)
            return PathAnswer(PathResult.UNREACHED, "our own fault; see the log")

    def _tried(self, path: ReceiverPath, result: PathResult) -> None:
        now_s = self._clock.monotonic()
        self._looked(path.name, result is PathResult.TOOK or result is PathResult.UNFIT)
        if result is PathResult.UNAUTHORISED:
            self._held_until_s[path.name] = now_s + HELD_BACK_S
        elif result is PathResult.TOOK:
            self._held_until_s.pop(path.name, None)

    def _looked(self, path: str, answers: bool) -> None:
        if answers:
            self._failed_until_s.pop(path, None)
        else:
            self._failed_until_s[path] = self._clock.monotonic() + FAILED_FOR_S

    def _in_order(self) -> tuple[ReceiverPath, ...]:
        """The receivers as agreed, those that failed lately behind the others: fail-over costs its time only once."""
        now_s = self._clock.monotonic()
        return tuple(sorted(self._paths, key=lambda path: now_s < self._failed_until_s.get(path.name, 0.0)))

    def _row_at(self, message: ServiceMessage) -> MappingRow | None:
        parts = message.address.split("/")
        if message.channel is not Channel.RECEIVER or len(parts) not in {3, 4} or parts[0] != self._name:
            return None
        if parts[2] not in {"silent", "open"} or parts[1] not in {kind.value for kind in AlarmKind}:
            return None
        return self._book.row(self._name, AlarmKind(parts[1]), parts[2] == "silent")


def _told_by_telephone(missed: Delivery, told: Delivery) -> Delivery:
    """Return what the receivers said, with what came of the telephones behind them."""
    answer = f"{missed.answer}; {told.answer}"[:ANSWER_SIGNS]
    both = replace(missed, reason=answer, answer=answer, paths=(*missed.paths, *told.paths))
    if told.state is DeliveryState.SENT:
        return replace(both, by_telephone=True)
    return replace(both, state=told.state) if told.state is DeliveryState.RETRY else both


def _not_read_yet(reason: str) -> Delivery:
    return Delivery(state=DeliveryState.RETRY, reason=reason, retry_after=timedelta(seconds=ROW_NOT_READ_S))
