"""One centre before the API: what was agreed with it in memory, tests that are only written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from larmcentral.api.routes_forwarders import Centres
from larmcentral.channels.receiver import ForwarderChannel
from larmcentral.channels.receiver_dc09 import Dc09Path, Dc09Settings
from larmcentral.channels.receiver_number import NumberPath, NumberSettings
from larmcentral.domain.forwarding import ForwarderOutline, PathOutline, Speech
from larmcentral.domain.roles import Viewer
from larmcentral.flows.forwarder_book import ForwarderBook
from larmcentral.ports import Clock
from tests.fakes.memory_forwarders import MemoryForwarders

KEY = b"0123456789ABCDEF"
OUTLINE = ForwarderOutline(
    name="nord",
    label="Nordlarm",
    paths=(PathOutline("dator", Speech.DC09_SIA), PathOutline("jour", Speech.NUMBER)),
    telephone="+46101234567",
)


@dataclass
class WrittenRowTests:
    """Keeps what was asked for. The id of each: of its number."""

    asked: list[tuple[UUID, str, dict[str, str]]] = field(default_factory=list)

    async def ask_receiver_test(self, viewer: Viewer, receiver: str, detail: Mapping[str, str]) -> UUID:
        self.asked.append((viewer.user_id, receiver, dict(detail)))
        return uuid5(UUID(int=0), str(len(self.asked)))


def known_centres(clock: Clock) -> tuple[Centres, MemoryForwarders, WrittenRowTests]:
    """One centre, called nord."""
    kept, tests = MemoryForwarders(clock), WrittenRowTests()
    nobody = ForwarderBook(kept, None, clock)  # type: ignore[arg-type]  # never started: rows are handed to rehearse()
    channel = ForwarderChannel(
        "nord",
        "Nordlarm",
        [
            Dc09Path(Dc09Settings(name="dator", host="localhost", port=1, account="5678", key=KEY), clock),
            NumberPath(NumberSettings(name="jour", number="+46101234567", medium="sms"), ()),
        ],
        nobody,
        clock,
    )
    centres = Centres(
        outlines={"nord": OUTLINE},
        desk=kept,
        rehearse=lambda name, row, over: channel.rehearse(row, restore=over),
        tests=tests,
    )
    return centres, kept, tests
