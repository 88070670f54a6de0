"""What operators and the house do in a story: the desk, shift changes, the pool, answers, words to devices."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from escalation.chain import Channel, Target
from escalation.effects import About
from escalation.events import Operator
from escalation.ids import IncidentId, PersonId, UserId, VigilId
from larmcentral.domain.desk import AtDesk
from larmcentral.domain.device import NOT_NOW, Downlink, Said
from larmcentral.flows.answers import Answers
from larmcentral.flows.assurance import Assurance
from larmcentral.flows.desk import Desk
from larmcentral.flows.desk_watch import DeskWatch
from larmcentral.flows.downlinks import Downlinks
from larmcentral.flows.dry_run import DryRun
from larmcentral.flows.escalate import Escalate
from larmcentral.flows.means import Means
from larmcentral.flows.orders import DeviceOrders
from larmcentral.flows.pool import Pool
from tests.world import CARE, ORGANISATION

T = TypeVar("T")

SIGHT = frozenset({CARE})
SECRET = b"a secret of the house"
HEARTBEAT_S = 20.0
"""How often an operator's screen says that it is there."""


@dataclass
class FakeSpeaks:
    """ports.Speaks. here: devices with a connection, by protocol and account; deaf: words do not reach them."""

    here: set[tuple[str, str]] = field(default_factory=set)
    deaf: set[tuple[str, str]] = field(default_factory=set)
    said: list[Downlink] = field(default_factory=list)

    def connected(self, among: Collection[tuple[str, str]]) -> Collection[tuple[str, str]]:
        return sorted(self.here.intersection(among))

    def say(self, downlink: Downlink) -> Said:
        if (downlink.protocol, downlink.account) in self.deaf:
            return NOT_NOW
        self.said.append(downlink)
        return Said(1)


class DeskFlows:
    """The flows of one process beside the engine."""

    def __init__(self, means: Means, escalate: Escalate, speaks: FakeSpeaks) -> None:
        self.desk = Desk(means)
        self.pool = Pool(means)
        self.answers = Answers(means, escalate, SECRET)
        self.means = means
        self.dry_run = DryRun(means)
        self.orders = DeviceOrders(means)
        self.assurance = Assurance(means)
        self.downlinks = Downlinks(means, speaks, in_answers={"owntracks"})
        self.parts: tuple[Any, ...] = (
            DeskWatch(means, self.desk),
            self.downlinks,
            self.assurance,
        )


class DeskVerbs:
    """Inherited by the world."""

    channels: Any
    clock: Any
    server: Any
    speaks: FakeSpeaks

    @property
    def incident_id(self) -> IncidentId:
        raise NotImplementedError

    def do(self, work: Awaitable[T]) -> T:
        raise NotImplementedError

    @property
    def house(self) -> DeskFlows:
        house: DeskFlows = self.server.house
        return house

    def sits_down(self, operator: Operator, name: str) -> None:
        """An operator logs in; his screen gives signs of life until it falls silent or he leaves."""
        now = self.clock.now()
        seat = AtDesk(
            organisation_id=ORGANISATION, committees=SIGHT, operator=operator, name=name, since=now, seen_at=now
        )

        async def live() -> None:
            while True:
                await self.clock.sleep(HEARTBEAT_S)
                await self.house.desk.seen(operator.user_id)

        async def begin() -> None:
            await self.house.desk.sit_down(seat)
            self._screens[operator.user_id] = asyncio.create_task(live())

        self.do(begin())

    @property
    def _screens(self) -> dict[UserId, asyncio.Task[None]]:
        screens: dict[UserId, asyncio.Task[None]] = self.__dict__.setdefault("screens", {})
        return screens

    def screen_falls_silent(self, operator: Operator) -> None:
        """A power cut, or a lid that is closed."""
        self._screens.pop(operator.user_id).cancel()

    def logs_off(self, operator: Operator) -> None:
        self.screen_falls_silent(operator)
        self.do(self.house.desk.leave(operator.user_id))

    def hands_over(self, by: Operator, to: Operator) -> None:
        self.do(self.server.escalate.hand_over(self.incident_id, by, to.user_id, SIGHT))

    def puts_back(self, by: Operator, incident_id: IncidentId | None = None) -> None:
        self.do(self.server.escalate.put_back(incident_id or self.incident_id, by, SIGHT))

    def jumps(self, by: Operator, step: int) -> None:
        self.do(self.server.escalate.jump(self.incident_id, by, step, SIGHT))

    def holds(self, by: Operator, *, seconds: float) -> None:
        self.do(self.server.escalate.hold(self.incident_id, by, timedelta(seconds=seconds), SIGHT))

    def adds(self, by: Operator, *targets: Target) -> None:
        self.do(self.server.escalate.add_people(self.incident_id, by, targets, SIGHT))

    def stamps(self, by: Operator, what: str, text: str = "") -> None:
        self.do(self.server.escalate.stamp(self.incident_id, by, what, text, SIGHT))

    def lists_cases(self, by: Operator, to: Operator | None = None) -> VigilId:
        """Make the list of a shift change."""
        return self.do(self.house.desk.make_handover(by, None if to is None else to.user_id, SIGHT))

    def signs(self, vigil_id: VigilId, by: Operator) -> None:
        self.do(self.house.desk.sign_handover(vigil_id, by, SIGHT))

    def takes_device(self, tag: str, who: PersonId, by: Operator, due_back: datetime) -> VigilId:
        """A device is scanned out of the pool."""
        return self.do(self.house.pool.check_out(tag, who, by, due_back, SIGHT))

    def brings_device(self, tag: str, by: Operator) -> None:
        self.do(self.house.pool.check_in(tag, by, SIGHT))

    def presses_button(self, who: PersonId, word: str) -> None:
        """Somebody answers by a button of the newest alarm on his phone."""
        pushes = [
            sent.notice
            for channel in (Channel.APNS, Channel.FCM)
            for sent in self.channels[channel].sent
            if sent.notice.person_id == who and sent.notice.text.about is About.ALARM
        ]
        self.do(self.house.answers.by_token(self.house.answers.token(pushes[-1].id), word))

    def replies(self, number: str, text: str) -> str | None:
        """A text message comes in; return what is sent back."""
        return self.do(self.house.answers.by_number(number, text))

    def news(self, about: About) -> list[PersonId | None]:
        """Who was told this, by whatever way, in the order of telling."""
        tries = [sent for channel in self.channels.values() for sent in channel.sent]
        told = [sent for sent in tries if sent.notice.text.about is about]
        return [sent.notice.person_id for sent in sorted(told, key=lambda sent: sent.at)]
