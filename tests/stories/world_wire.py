"""A wearable's connections to the world of a story: its family's real conversation, acked after the real commit."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from escalation.ids import PersonId
from larmcentral.domain.arrival import Arrival, ReceiverName
from larmcentral.domain.errors import LaneFull, StoreUnavailable
from larmcentral.domain.register import Device
from protocols.conversation import Account, Conversation, Fault, Nak, Reply, SignalsReceived
from protocols.registry import StreamProtocol, protocol
from protocols.signal import AccountId
from tests.fakes.memory_store import MemoryRegister
from tests.stories.world import World
from tests.world import ANNA, CARE, HOME, ORGANISATION, an_id


class _OfModel:
    """Everybody is enrolled, and is of this model."""

    def __init__(self, model: str | None) -> None:
        self._model = model

    def find(self, device: AccountId) -> Account | None:
        return Account(device, model=self._model)


class Wire:
    """One wearable and the line it has just now. heard: what came down on it; faults: what was not understood."""

    def __init__(
        self, world: World, family: str, account: str, *, model: str | None = None, worn_by: PersonId | None = ANNA
    ) -> None:
        self._world, self._family = world, family
        spoken = protocol(family)
        assert isinstance(spoken, StreamProtocol)
        self._open = spoken.listen(_OfModel(model), lambda count: bytes(count)).connection
        self._receiver = ReceiverName(name=family, protocol=family, organisation_id=ORGANISATION, committee_id=CARE)
        self._conversation: Conversation | None = None
        self.heard: list[bytes] = []
        self.faults: list[str] = []
        device = Device(id=an_id(account), protocol=family, account=account, model=model, worn_by=worn_by)
        world.do(MemoryRegister(world.store).device(HOME, device, world.clock.now()))

    @property
    def conversation(self) -> Conversation:
        """What is spoken on the present connection."""
        assert self._conversation is not None, "connect first"
        return self._conversation

    def connect(self) -> None:
        """Come back into coverage: a new connection, and nothing known of the one before."""
        self._conversation = self._open(self._world.clock.now())
        self.heard.clear()

    def cut(self) -> None:
        """Lose coverage: what is on its way down is never heard."""
        self._conversation = None
        self.heard.clear()

    def send(self, *frames: bytes) -> list[bytes]:
        """Send frames on the present connection; return what has come down by now. A lost one says nothing."""
        if self._conversation is None:
            return []
        before = len(self.heard)
        for frame in frames:
            self._feed(self._conversation, frame)
        return self.heard[before:]

    def _feed(self, conversation: Conversation, frame: bytes) -> None:
        now = self._world.clock.now()
        for event in conversation.receive(frame, now):
            if isinstance(event, SignalsReceived):
                self._take_in(conversation, event)
            elif isinstance(event, Reply):
                self.heard.append(event.data)
            elif isinstance(event, Fault):
                self.faults.append(str(event.error))

    def _take_in(self, conversation: Conversation, event: SignalsReceived) -> None:
        signals: Sequence[object] = event.signals
        arrival = Arrival(
            receiver=self._receiver,
            received_at=self._world.clock.now(),
            authentic=event.authentic,
            raw=event.raw,
            signals=event.signals,
        )

        async def one() -> None:
            nak: Nak | None = None
            if signals:
                try:
                    await self._world.server.intake.take_in(arrival)
                except (LaneFull, StoreUnavailable):
                    nak = Nak.NOT_STORED
            if event.token is None:
                return
            now = self._world.clock.now()
            said = conversation.ack(event.token, now) if nak is None else conversation.nak(event.token, nak, now)
            if said and conversation is self._conversation:
                self.heard.append(said)

        async def begin() -> None:
            task = asyncio.create_task(one())
            self._world.keep(task)

        self._world.do(begin())
