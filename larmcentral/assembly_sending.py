"""All that sends: the ways out to people and to centres, what they need to know, the outbox, words about ourselves."""

from __future__ import annotations

from collections.abc import Callable

from escalation.ids import CommitteeId, OrganisationId
from larmcentral.assembly_forwarders import forwarders, ways_to_centres
from larmcentral.assembly_part import Part
from larmcentral.assembly_ways import Shared, ways_out
from larmcentral.channels.push_kind import TokenOf
from larmcentral.channels.voice import SealOf
from larmcentral.channels.wording import Wording
from larmcentral.config import Config
from larmcentral.domain.notice import Delivery, DeliveryState, InHouse, OutgoingNotice
from larmcentral.flows.answers import Answers
from larmcentral.flows.forwarder_book import ForwarderBook
from larmcentral.flows.heartbeats import Heartbeats
from larmcentral.flows.means import Means
from larmcentral.flows.outbox import Outbox
from larmcentral.flows.receipts import Receipts
from larmcentral.flows.service_messages import ServiceMessages
from larmcentral.flows.settling import Settling
from larmcentral.flows.template_book import TemplateBook
from larmcentral.flows.way_faults import WayFaults
from larmcentral.flows.way_probes import WayProbes
from larmcentral.flows.way_reports import WayReports
from larmcentral.flows.ways_out import WaysOut
from larmcentral.store.forwarders import Forwarders
from larmcentral.store.pool import Pool
from larmcentral.store.sealed_secrets import SealedSecrets
from larmcentral.store.sealing import Sealing
from larmcentral.store.templates import TemplateShelf


class Sending:
    """What one process sends with. ways: empty until build()."""

    def __init__(
        self,
        config: Config,
        means: Means,
        *,
        settling: Settling,
        answers: Answers,
        secret: bytes,
        token_of: TokenOf | None,
        seal_call: SealOf | None,
        service: Pool,
        sealing: Sealing,
        home: tuple[OrganisationId, CommitteeId],
        way_reports: WayReports,
        on_sent: Callable[[OutgoingNotice], None],
    ) -> None:
        """secret: what proofs of contact points are made with. token_of, seal_call: None where no secret is shared."""
        clock, organisation_id = means.clock, home[0]
        self._receipts, self._answers, self._means = Receipts(means, settling), answers, means
        self._settling = settling
        self._templates = TemplateBook(TemplateShelf(service), clock)
        shared = Shared(
            clock=clock,
            wording=Wording(config.organisation.zone, self._templates.find),
            publish=self._publish,
            token_of=token_of,
            seal_call=seal_call,
            on_receipt=self._on_receipt,
            on_text=self._answers.by_number,
        )
        to_people = ways_out(config, shared)
        store = Forwarders(service)
        self._book = ForwarderBook(store, organisation_id, clock)
        keeper = SealedSecrets(service, sealing, clock, organisation_id)
        self.centres = forwarders(config, clock, self._book, keeper, to_people)
        self.ways = WaysOut([*to_people, *ways_to_centres(self.centres)], clock)
        self.outbox = Outbox(means, self.ways, settling, on_sent)
        self.service_messages = ServiceMessages(means, self.ways, secret, config.http.origin)
        self._way_reports = way_reports
        way_reports.sends_with(self.ways, means.measures, WayFaults(means.store, home, clock))
        self._way_probes = WayProbes(self.ways, clock, way_reports.dead_elsewhere)
        self._heartbeats = Heartbeats(self.centres, store, means.store, home, means.lease.owner, clock)

    def parts(self) -> list[Part]:
        """In the order of starting; the outbox stops first, so that its results are still filed."""
        parts = [
            Part("template book", self._templates.start, self._templates.stop),
            Part("forwarder book", self._book.start, self._book.stop),
        ]
        parts += [Part(f"way out {way.provider}", way.port.start, way.port.stop) for way in self.ways.ways]
        parts.append(Part("way reports", self._way_reports.start, self._way_reports.stop))
        parts.append(Part("way probes", self._way_probes.start, self._way_probes.stop))
        parts.append(Part("service messages", self.service_messages.start, self.service_messages.stop))
        parts.append(Part("settling", self._settling.start, self._settling.stop))
        parts.append(Part("outbox", self.outbox.start, self.outbox.stop))
        return parts

    def heartbeat_part(self) -> Part:
        """That centres hear of us; for those who escalate."""
        return Part("heartbeats", self._heartbeats.start, self._heartbeats.stop)

    async def _publish(self, notice: InHouse) -> None:
        """The console's notice is published by its own row: the feed reads the timeline."""
        self._means.hints.changed()

    async def _on_receipt(self, provider_id: str, delivery: Delivery) -> None:
        delivered = delivery.state is DeliveryState.DELIVERED
        await self._receipts(provider_id, delivered, delivery.reason)
