"""Those who work alone: their devices send, their sessions run, their fingers slip."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Final

from escalation.alarm import AlarmKind
from escalation.effects import About
from escalation.events import Operator, Wearer
from escalation.ids import PersonId
from escalation.incident import State
from escalation.purpose import Purpose
from escalation.session import Session
from escalation.vigil import VigilKind
from larmcentral.domain.arrival import Arrival
from larmcentral.domain.device import Downlink, Said
from larmcentral.domain.errors import LaneFull, StoreUnavailable
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.domain.session_start import SessionStart
from protocols.signal import AccountId, Position, Signal, SignalKind
from tests.simulation.faults import Unreachable
from tests.simulation.journal import Press
from tests.simulation.town import Committee, Someone, receiver_of

if TYPE_CHECKING:
    from tests.simulation.people import People
    from tests.simulation.world import World

DEVICE_TRIES: Final = 600
"""A device repeats every half minute for hours: far longer than anything stays broken here."""
TAKEN_UP_S: Final = 31.0
"""Somebody looks every half minute for devices that were heard for the first time."""
INTERVALS: Final = (None, timedelta(minutes=12), timedelta(minutes=40), timedelta(minutes=90))


class Devices:
    """ports.Speaks: every watch is connected to every process, and shows what it is told."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._worn = {
            (worker.receiver.protocol, worker.account): worker.id
            for c in world.town.committees
            for worker in c.workers
            if worker.receiver is not None and worker.receiver.protocol != "app"
        }

    def connected(self, among: Collection[tuple[str, str]]) -> Collection[tuple[str, str]]:
        return [name for name in among if name in self._worn]

    def say(self, downlink: Downlink) -> Said:
        wearer = self._worn[(downlink.protocol, downlink.account)]
        self._world.journal.downlinks.append((self._world.clock.now(), wearer, downlink))
        self._world.people.workers.sees(wearer, f"downlink {downlink.kind.value}")
        return Said(1)


class Workers:
    """The week of every worker."""

    def __init__(self, world: World, people: People) -> None:
        self._world, self._people = world, people
        self._pressed: Counter[str] = Counter()
        self._alone: dict[PersonId, int] = {}

    def begin(self) -> None:
        """Plan everybody's week."""
        for c in self._world.town.committees:
            for worker in c.workers:
                self._plan(c, worker)
            if c.tag is not None:
                self._world.spawn(self._tries_out(c, self._world.dice("tries", c.id)))

    async def _tries_out(self, c: Committee, rng: Random) -> None:
        """The device of the pool is tested before it is lent, and says how much battery it has."""
        account = next(device.account for device in c.devices if device.tag == c.tag)
        lent = replace(c.workers[0], account=account, receiver=receiver_of("watch", c.id))
        await self._world.pause(rng.uniform(0, 3600))
        await self.transmit(lent, SignalKind.TEST_ALARM, rng)

    def _plan(self, c: Committee, worker: Someone) -> None:
        world = self._world
        days = world.seconds / 86_400
        rng = world.dice("week", worker.id)
        for number in range(round(worker.habits.alarms_a_week * days / 7 * 2 * rng.random())):
            kind = rng.choice(PRESSED)
            at = rng.uniform(0, world.seconds) if rng.random() < 0.6 else world.weather.hot(rng)
            world.spawn(self._presses(worker, at, kind, world.dice("press", worker.id, number)))
        if worker.hears_every_s is not None:
            world.spawn(self._rests(worker))
        for day in range(int(days)):
            if rng.random() < worker.habits.sessions_a_day:
                at = day * 86_400 + rng.uniform(0, 80_000)
                world.spawn(self._works_alone(c, worker, at, world.dice("alone", worker.id, day)))
        for number in range(round(worker.habits.alarms_a_week * days / 7 * rng.random())):
            at = rng.uniform(0, world.seconds) if rng.random() < 0.7 else world.weather.hot(rng)
            world.spawn(self._falls(worker, at, world.dice("fall", worker.id, number)))

    async def _presses(self, worker: Someone, at: float, kind: SignalKind, rng: Random) -> None:
        await self._world.until(at)
        await self.transmit(worker, kind, rng, silent=rng.random() < 0.2)

    # Sessions.

    async def _works_alone(self, c: Committee, worker: Someone, at: float, rng: Random) -> None:
        """A session from start to end, with whatever is forgotten in it."""
        world, order, me, sight = self._world, self._people.order, Wearer(worker.id), frozenset({c.id})
        await world.until(at)
        now = world.clock.now()
        heard = worker.hears_every_s is not None
        long_s = rng.uniform(900, 4000 if heard else 3 * 3600)
        every = rng.choice(INTERVALS)
        start = SessionStart(
            person_id=worker.id,
            purpose="hembesök",
            place_id=rng.choice((None, rng.choice(c.places).id)),
            ends_at=now + timedelta(seconds=long_s) if rng.random() < 0.7 else None,
            check_in_every=every,
            companions=tuple({rng.choice(c.responders).id} if rng.random() < 0.3 else ()),
            memo="grå dörr" if rng.random() < 0.5 else None,
        )
        if await order("worker", "start", worker.id, rng, lambda s: s.lone_work.start(start, me, sight)) != "done":
            return
        self.sees(worker.id, "started")
        until_s = world.loop.time() + long_s
        number = self._alone[worker.id] = self._alone.get(worker.id, 0) + 1
        if heard:
            world.spawn(self._beats(worker, number, rng.random() < 0.15, world.dice("beat", worker.id, at)))
        if rng.random() < 0.3:
            world.spawn(self._asked(c, worker, until_s, world.dice("welfare", worker.id, at)))
        interval_s = (every or timedelta(hours=1)).total_seconds()
        while world.loop.time() + interval_s < until_s:
            slip = rng.random() < worker.habits.forgets
            await world.pause(interval_s * (1.5 if slip else rng.uniform(0.5, 0.98)))
            if slip and rng.random() < 0.5:
                await world.pause(rng.uniform(0, 2400))
            await self._signs(worker, "check in", rng)
            if rng.random() < 0.1:
                until_s += 1800
                until = world.clock.now() + timedelta(seconds=until_s - world.loop.time())
                await self._extends(worker, until, rng)
        await world.until(until_s + rng.choice((-300, 60, 60, 200, 1200)))
        if rng.random() < 0.1:
            await world.pause(rng.uniform(1800, 5400))  # lies somewhere, and is found
        await self._signs(worker, "end", rng)
        self._alone[worker.id] += 1

    async def _extends(self, worker: Someone, until: datetime, rng: Random) -> None:
        me = Wearer(worker.id)
        said = await self._people.order(
            "worker", "extend", worker.id, rng, lambda s: s.lone_work.extend(worker.id, until, me)
        )
        self.sees(worker.id, said)

    async def _signs(self, worker: Someone, what: str, rng: Random) -> None:
        """A check-in or an end, by button or PIN; now and then under duress."""
        pin = rng.random() < 0.5
        forced = pin and rng.random() < 0.1
        duress, how = forced and self._world.duress, "pin" if pin else "button"
        me, lone = Wearer(worker.id), worker.id
        if what == "end":
            answer = await self._people.order(
                "worker", what, lone, rng, lambda s: s.lone_work.end(lone, me, how=how, duress=duress), duress=duress
            )
        else:
            answer = await self._people.order(
                "worker", what, lone, rng, lambda s: s.lone_work.check_in(lone, how=how, duress=duress), duress=duress
            )
        self.sees(lone, answer)

    async def _asked(self, c: Committee, worker: Someone, until_s: float, rng: Random) -> None:
        """An operator asks how he is."""
        world = self._world
        await world.pause(rng.uniform(0, max(until_s - world.loop.time(), 1)))
        op: Operator = rng.choice(c.operators)
        await self._people.order(
            "operator",
            "ask welfare",
            worker.id,
            rng,
            lambda s: s.lone_work.ask_welfare(worker.id, op, frozenset({c.id})),
        )

    async def _beats(self, worker: Someone, number: int, lost: bool, rng: Random) -> None:
        """His device says that it is there, once a minute; or it falls silent for a while."""
        world = self._world
        silent_s = (rng.uniform(0, 1800), rng.uniform(60, 900)) if lost else (0.0, 0.0)
        began_s = world.loop.time()
        while self._alone[worker.id] == number:
            passed_s = world.loop.time() - began_s
            if not silent_s[0] <= passed_s < sum(silent_s):
                world.spawn(self._beat(worker))
            await world.pause(worker.hears_every_s or 60.0)

    async def _rests(self, worker: Someone) -> None:
        """Outside a session his device says twice a day that it is there."""
        while True:
            await self._beat(worker)
            await self._world.pause(43_000.0)

    async def _beat(self, worker: Someone) -> None:
        signal = Signal(
            kind=SignalKind.HEARTBEAT,
            device=AccountId(worker.account),
            repeat_key=f"beat {self._world.loop.time()}",
        )
        await self._deliver(worker, signal, None)

    # Falls, by the phone or by a device that lets the server count.

    async def _falls(self, worker: Someone, at: float, rng: Random) -> None:
        world, order = self._world, self._people.order
        await world.until(at)
        kind = rng.choice((AlarmKind.FALL, AlarmKind.MAN_DOWN, AlarmKind.NO_MOTION))
        how = rng.choice(("nothing", "button", "pin", "pin", "duress", "confirm"))
        if worker.account != str(worker.id) and rng.random() < 0.5:
            await self.transmit(worker, SignalKind(kind.value), rng)
            if how == "button":
                await world.pause(rng.uniform(1, 50))
                await self.transmit(worker, SignalKind.CANCEL, rng)
                return
        else:
            event_at = world.clock.now()
            await order(
                "phone",
                "begin pre-alarm",
                worker.id,
                rng,
                lambda s: s.lone_work.begin_pre_alarm(worker.id, kind, event_at=event_at),
            )
        self.sees(worker.id, "counting")
        await world.pause(rng.uniform(1, 50))
        match how:
            case "nothing":
                return
            case "confirm":
                said = await order(
                    "worker", "confirm", worker.id, rng, lambda s: s.lone_work.confirm_pre_alarm(worker.id)
                )
            case _:
                duress = how == "duress" and world.duress
                shown = "button" if how == "button" else "pin"
                said = await order(
                    "worker",
                    "cancel",
                    worker.id,
                    rng,
                    lambda s: s.lone_work.cancel_pre_alarm(worker.id, how=shown, duress=duress),
                    duress=duress,
                )
        self.sees(worker.id, said)

    # Phones.

    async def reminded(self, one: Someone, about: About, rng: Random) -> None:
        """The phone asks for something."""
        if rng.random() >= 0.7 or one.receiver is None:
            return
        await self._world.pause(rng.uniform(1, 200))
        match about:
            case About.CHECK_IN_DUE:
                await self._signs(one, "check in", rng)
            case About.WELFARE:
                fine = rng.random() < 0.8
                said = await self._people.order(
                    "worker", "answer", one.id, rng, lambda s: s.lone_work.answer_welfare(one.id, fine=fine)
                )
                self.sees(one.id, said)
            case _:
                return

    def phone_says(self, one: Someone, notice: OutgoingNotice) -> None:
        """What a worker's phone shows when a notice about himself comes."""
        text, incidents = notice.text, self._world.store.tables.incidents
        about_him = notice.incident_id is None or incidents[notice.incident_id].incident.subject == one.id
        if one.receiver is not None and about_him and text.about is not About.COMPANION:
            self.sees(one.id, f"{text.about.value} {notice.channel.value} {text.kind} {text.due_at} {text.detail}")

    def sees(self, person_id: PersonId, what: str) -> None:
        """What the worker's own screen shows at this moment."""
        now = self._world.clock.now()
        view = [what, *self._screen(person_id)]
        self._world.journal.to_worker.setdefault(person_id, []).append((now, " | ".join(view)))

    def _screen(self, person_id: PersonId) -> list[str]:
        tables, shown = self._world.store.tables, []
        for vigil in tables.vigils.values():
            core = vigil.core
            if vigil.subject.person_id != person_id or core.ended_at is not None:
                continue
            if isinstance(core, Session):
                shown.append(f"session {core.check_in_due} {core.ends_at} {core.raised} {core.welfare} {core.words}")
            elif vigil.kind is VigilKind.PRE_ALARM:
                shown.append(f"counting {core.due_at}")
        for record in tables.incidents.values():
            incident = record.incident
            hidden = record.subject.covert or record.subject.technical or incident.silent
            if incident.subject != person_id or hidden or incident.purpose is not Purpose.REAL:
                continue
            if incident.state is not State.STOOD_DOWN:
                shown.append(f"alarm {incident.kind.value} {incident.state.value}")
        return sorted(shown)

    async def transmit(self, worker: Someone, kind: SignalKind, rng: Random, *, silent: bool = False) -> None:
        """A device sends, again and again until it is acked."""
        assert worker.receiver is not None
        world = self._world
        self._pressed[worker.account] += 1
        key = f"{worker.account}/{self._pressed[worker.account]}"
        press = world.journal.presses[key] = Press(key, worker.id, kind, silent, world.clock.now())
        event_at = world.clock.now()
        signal = Signal(
            kind=kind,
            device=AccountId(worker.account),
            repeat_key=key,
            event_at=event_at if rng.random() < 0.7 else None,
            silent=silent,
            battery_pct=80,
            position=Position(lat=57.9 + rng.random() / 50, lon=12.1) if rng.random() < 0.5 else None,
        )
        for attempt in range(DEVICE_TRIES):
            lost = 0.0 if world.healed else world.weather.lost
            if rng.random() >= lost:
                if rng.random() < lost:
                    world.spawn(self._arrive(worker, signal, press, rng.uniform(0, 20)))
                acked = await self._deliver(worker, signal, press)
                if acked and rng.random() >= lost:
                    return
            await world.pause(min(3.0 + attempt, 30.0))

    async def _arrive(self, worker: Someone, signal: Signal, press: Press, delay_s: float) -> None:
        await self._world.pause(delay_s)
        await self._deliver(worker, signal, press)

    async def _deliver(self, worker: Someone, signal: Signal, press: Press | None) -> bool:
        world = self._world
        assert worker.receiver is not None
        arrival = Arrival(
            receiver=worker.receiver,
            received_at=world.house_clock.now(),
            authentic=True,
            raw=b"[]",
            signals=(signal,),
        )
        if press is not None:
            world.press()
        try:
            await world.ask(lambda server: server.intake.take_in(arrival))
        except (Unreachable, StoreUnavailable, LaneFull):
            return False
        if press is None:
            beats = world.journal.beats.setdefault(worker.account, [])
            if not beats:
                world.look_again_in(TAKEN_UP_S)
            beats.append(world.clock.now())
        else:
            press.acked_at = press.acked_at or world.clock.now()
            world.journal.tell(world.clock.now(), "acked", press.key)
        return True


PRESSED: Final = (
    SignalKind.PANIC,
    SignalKind.PANIC,
    SignalKind.PANIC,
    SignalKind.DURESS,
    SignalKind.FALL,
    SignalKind.FALL,
    SignalKind.MAN_DOWN,
    SignalKind.NO_MOTION,
    SignalKind.MEDICAL,
    SignalKind.GROUP_ALARM,
    SignalKind.LOW_BATTERY,
    SignalKind.TAMPER,
    SignalKind.TEST_ALARM,
    SignalKind.CANCEL,
)
