"""Somebody asks for a test: of a contact point, or of a row that a centre is sent. Another flow sends it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

from escalation.chain import Channel
from escalation.ids import ContactPointId, UserId
from escalation.incident import Refused
from larmcentral.domain.contact import PointAsker
from larmcentral.domain.errors import NotFound
from larmcentral.domain.proof import TEST_LIMIT, TEST_WITHIN, AskedTooOften, wait_for
from larmcentral.domain.roles import Viewer
from larmcentral.domain.service import ServiceAsk, ServiceKind
from larmcentral.flows.means import Means
from larmcentral.flows.transact import store_now, transact
from larmcentral.ports import Transaction

TESTS: Final = frozenset({ServiceKind.TEST, ServiceKind.RECEIVER_TEST})


class ServiceAsks:
    """Files tests. What came back is read by the id that is returned. Raises AskedTooOften above TEST_LIMIT an hour."""

    def __init__(self, means: Means) -> None:
        self._means = means

    async def ask_test(self, point_id: ContactPointId, asker: PointAsker, *, channel: Channel | None = None) -> UUID:
        """Test a contact point. channel: what it must be of, None for whatever it is.

        Raises NotFound, Refused (point_retired), AskedTooOften, StoreUnavailable.
        """
        message_id = self._means.ids.new()

        async def work(tx: Transaction) -> tuple[None, tuple[()]]:
            point = await tx.point(point_id)
            if point is None or not asker.may(point) or channel not in {None, point.channel}:
                raise NotFound("contact point")
            if not point.living:
                raise Refused("point_retired")
            await self._count(tx, asker.user_id)
            await tx.file_service_message(
                ServiceAsk(
                    id=message_id,
                    organisation_id=point.organisation_id,
                    committee_id=point.committee_id,
                    kind=ServiceKind.TEST,
                    channel=point.channel,
                    point_id=point.id,
                    receiver=None,
                    asked_by=asker.user_id,
                    asked_at=await store_now(tx),
                )
            )
            return None, ()

        await transact(self._means, asker.sight, work)
        return message_id

    async def ask_receiver_test(self, viewer: Viewer, receiver: str, detail: Mapping[str, str]) -> UUID:
        """Test a row of a centre's mapping. detail: kind, silent ("true" or "false") and fingerprint of the row.

        Whether there is such a row and the centre is in its test state is for the caller to know, and once more for
        the forwarder when it is sent. Raises AskedTooOften, StoreUnavailable.
        """
        message_id = self._means.ids.new()

        async def work(tx: Transaction) -> tuple[None, tuple[()]]:
            await self._count(tx, viewer.user_id)
            await tx.file_service_message(
                ServiceAsk(
                    id=message_id,
                    organisation_id=viewer.organisation_id,
                    committee_id=viewer.committees[0].id,
                    kind=ServiceKind.RECEIVER_TEST,
                    channel=Channel.RECEIVER,
                    point_id=None,
                    receiver=receiver,
                    asked_by=viewer.user_id,
                    asked_at=await store_now(tx),
                    detail=detail,
                )
            )
            return None, ()

        await transact(self._means, viewer.sight, work)
        return message_id

    async def _count(self, tx: Transaction, user_id: UserId) -> None:
        now = await store_now(tx)
        asked = await tx.asked_times(TESTS, now - TEST_WITHIN, by=user_id)
        if (wait := wait_for(asked, TEST_LIMIT, TEST_WITHIN, now)) > timedelta():
            raise AskedTooOften(wait)
