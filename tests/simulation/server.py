"""One incarnation of the server: every flow, put together as assembly does it, on doors that can be shut."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from escalation.chain import Channel
from escalation.vigil import VigilKind
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.domain.outbox import Lease
from larmcentral.flows.answers import Answers
from larmcentral.flows.assurance import Assurance
from larmcentral.flows.audit import Audit
from larmcentral.flows.desk import Desk
from larmcentral.flows.desk_watch import DeskWatch
from larmcentral.flows.downlinks import Downlinks
from larmcentral.flows.escalate import Escalate
from larmcentral.flows.hints import Hints
from larmcentral.flows.intake import Intake
from larmcentral.flows.means import Means
from larmcentral.flows.outbox import Outbox
from larmcentral.flows.pool import Pool
from larmcentral.flows.sessions import LoneWork
from larmcentral.flows.settling import Settling
from larmcentral.flows.supervise import KINDS as LOOKED_AFTER
from larmcentral.flows.supervise import Supervise
from larmcentral.flows.test_alarms import TestSweep
from larmcentral.flows.timekeeper import Timekeeper
from larmcentral.flows.vigil_keeper import KINDS as KEPT
from larmcentral.flows.vigil_keeper import VigilKeeper
from larmcentral.flows.ways_out import WayOut, WaysOut
from larmcentral.geo import metres_between
from larmcentral.ports import Measures
from tests.simulation.faults import ChannelDoor, StoreDoor
from tests.simulation.town import CENTRES, ORGANISATION

if TYPE_CHECKING:
    from tests.simulation.world import World

REST_S: Final = 4 * 3600.0
"""How often a loop looks of its own accord here; whatever would have been found sooner is hinted at by the world."""


ASSURED_EVERY_S: Final = 86_400.0
"""What is assured here does not change from hour to hour."""
SECRET: Final = b"a secret of sixteen bytes or more"


class NoMeasures:
    """ports.Measures that forgets."""

    def __getattr__(self, _: str) -> Callable[..., None]:
        return _forget


def _forget(*_: object) -> None:
    pass


class Server:
    """A process. Its loops' polls are stretched; see World.look_again."""

    def __init__(self, world: World, incarnation: int) -> None:
        self.world, self.incarnation = world, incarnation
        self.hints = Hints()
        self.door = self.store()
        self.ways = WaysOut(
            [
                WayOut(provider=channel.value, channel=channel, port=self.channel(channel), at_once=16)
                for channel in Channel
                if channel is not Channel.RECEIVER
            ]
            + [
                WayOut(
                    provider=f"receiver:{name}",
                    channel=Channel.RECEIVER,
                    port=self.channel(Channel.RECEIVER),
                    at_once=4,
                    receiver=name,
                )
                for name in CENTRES
            ],
            world.house_clock,
        )
        measures: Measures = NoMeasures()
        self.means = Means(
            store=self.door,
            clock=world.house_clock,
            calendar=world.calendar,
            ids=world.ids,
            lease=Lease(world.ids.new()),
            hand_over=lambda notices: self.outbox.hand_over(notices),
            hints=self.hints,
            measures=measures,
            distance_m=metres_between,
            dead=self.ways.dead,
        )
        means = self.means
        self.settling = Settling(means, poll_s=REST_S)
        self.outbox = Outbox(means, self.ways, self.settling, self.sent, poll_s=REST_S)
        self.intake = self.make_intake(means)
        self.escalate = Escalate(means)
        self.lone_work = LoneWork(means)
        self.desk = Desk(means)
        self.answers = Answers(means, self.escalate, SECRET)
        self.downlinks = Downlinks(means, world.people.devices, poll_s=REST_S)
        self.test_sweep = TestSweep(means, poll_s=REST_S)
        self.pool = Pool(means)
        self.timekeeper = self.make_timekeeper(means)
        self.vigil_keeper = VigilKeeper(means, poll_s=REST_S)
        self.supervise = Supervise(means, poll_s=REST_S)
        self.desk_watch = DeskWatch(means, self.desk, poll_s=REST_S)
        self.audit = Audit(means, (ORGANISATION, world.town.committees[0].id), every_s=REST_S)
        self.parts: list[Any] = [
            self.settling,
            self.outbox,
            self.intake,
            self.timekeeper,
            self.vigil_keeper,
            self.supervise,
            self.desk_watch,
            self.downlinks,
            self.test_sweep,
            Assurance(means, every_s=ASSURED_EVERY_S, rotas_every_s=ASSURED_EVERY_S),
            self.audit,
        ]

    def wake_for(self, kinds: Collection[VigilKind] | None, due_at: datetime) -> None:
        """Something was filed that is due then: wake the loop that waits for longer. kinds: None for incidents."""
        looked_until = self.door.looked_until
        known = looked_until.get(kinds, due_at)
        if known is None or due_at < known:
            keepers: dict[Collection[VigilKind] | None, Timekeeper | VigilKeeper | Supervise] = {
                None: self.timekeeper,
                KEPT: self.vigil_keeper,
                LOOKED_AFTER: self.supervise,
            }
            keepers[kinds].wake()

    def store(self) -> StoreDoor:
        """The store as this process sees it."""
        return StoreDoor(self.world, self.incarnation)

    def channel(self, channel: Channel) -> Any:
        """One way out as this process sees it."""
        return ChannelDoor(self.world, self.incarnation, channel)

    def make_intake(self, means: Means) -> Intake:
        """What takes signals in."""
        return Intake(means, poll_s=REST_S)

    def make_timekeeper(self, means: Means) -> Timekeeper:
        """What fires deadlines."""
        return Timekeeper(means, poll_s=REST_S)

    def sent(self, notice: OutgoingNotice) -> None:
        """What the outbox tells of each notice that went out."""

    async def start(self) -> None:
        """Begin, in the order of assembly."""
        for part in self.parts:
            part.start()

    def look_again(self) -> None:
        """What the short polls of a real process would have found by now."""
        for part in (self.timekeeper, self.outbox, self.vigil_keeper, self.supervise, self.downlinks):
            part.wake()

    async def ask(self, order: Callable[[Server], Awaitable[Any]]) -> Any:
        """Somebody outside asks for something; runs as a task of this process."""
        return await order(self)
