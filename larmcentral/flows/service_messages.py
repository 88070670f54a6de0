"""What the house says of itself goes out: tests that somebody asked for, codes and links. The one place that builds it.

A message here comes from a row that knows no incident, and this module imports nothing that does; so no alarm, drill or
test incident can leave the house by it. It has a loop of its own beside the outbox, rests between two looks however
often it is rung, and is tried twice at the most.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Final, assert_never

import structlog

from escalation.chain import Channel
from larmcentral.domain.contact import proof_by
from larmcentral.domain.notice import Delivery, DeliveryState, ServiceMessage
from larmcentral.domain.service import ServiceClaim, ServiceKind, ServiceResult, ServiceState
from larmcentral.domain.service_words import ServiceWords, words_of_proof, words_of_row_test, words_of_test
from larmcentral.flows.hints import Bell
from larmcentral.flows.means import Means
from larmcentral.flows.running import Loop
from larmcentral.flows.transact import store_now
from larmcentral.flows.ways_out import WayOut, WaysOut

log = structlog.get_logger(__name__)

REST_S: Final = 0.5
"""Between two looks: every commit of the house rings, and an alarm's must not pay for this."""
POLL_S: Final = 2.0
AT_ONCE: Final = 2
"""Messages under way together in a process. Nobody's life hangs on one, and they do not stand in the line that keeps
places free for alarms: at a provider that takes one at a time, a pager's, no more than these come before an alarm."""
TRIES: Final = 2
PAUSE: Final = timedelta(seconds=2)
LONGEST_PAUSE: Final = timedelta(seconds=30)
STALE_AFTER: Final = timedelta(minutes=10)
"""A test that comes when nobody looks for it any more only frightens, and a code has run out."""
PROOF_PATH: Final = "/api/proofs/"

_STATES: Final = {
    DeliveryState.SENT: ServiceState.SENT,
    DeliveryState.DELIVERED: ServiceState.DELIVERED,
    DeliveryState.RETRY: ServiceState.FAILED,
    DeliveryState.REFUSED: ServiceState.REFUSED,
    DeliveryState.GONE: ServiceState.GONE,
}


class ServiceMessages:
    """Sends what is filed, and files what came back."""

    def __init__(
        self, means: Means, ways: WaysOut, secret: bytes, origin: str | None, *, poll_s: float = POLL_S
    ) -> None:
        """secret: what codes and links are made with. origin: our web's address for links, None where it has none."""
        self._means, self._ways, self._secret, self._poll_s = means, ways, secret, poll_s
        self._origin = None if origin is None else origin.rstrip("/")
        self._store, self._clock, self._lease = means.store, means.clock, means.lease
        self._zone = means.calendar.zone
        self._bell = Bell()
        self._loop = Loop("service messages", self._turn, means.clock)

    def start(self) -> None:
        """Begin to send."""
        self._loop.start()

    async def stop(self) -> None:
        """Stop; what was under way is tried once more by another process when the lease ends, if it was the first."""
        await self._loop.stop()

    def wake(self) -> None:
        """Something was filed: look soon."""
        self._bell.ring()

    async def _turn(self) -> None:
        await self._clock.sleep(REST_S)
        await self._bell.wait(self._poll_s - REST_S)
        if await self._store.service_messages_due():
            await self.send_due()

    async def send_due(self) -> int:
        """Send what is due now; return how many it was."""
        async with self._store.transaction() as tx:
            claims = await tx.claim_service_messages(lease=self._lease, limit=AT_ONCE)
            now = await store_now(tx)
            await tx.forget_proofs(now)
        results = await asyncio.gather(*(self._result(claim, now) for claim in claims))
        for result in results:
            async with self._store.transaction() as tx:
                await tx.settle_service_message(result, lease=self._lease)
        if results:
            self._means.hints.changed()
        return len(results)

    async def _result(self, claim: ServiceClaim, now: datetime) -> ServiceResult:
        """Try a message, or say why not. now: the store's time, by which it was asked for and runs out."""
        ask = claim.ask
        if claim.tries >= TRIES:
            return ServiceResult(ask=ask, state=ServiceState.FAILED, at=now, reason="no_answer")
        if now - ask.asked_at > STALE_AFTER:
            return ServiceResult(ask=ask, state=ServiceState.FAILED, at=now, reason="too_late")
        message = self._message(claim, now)
        if message is None:
            return ServiceResult(ask=ask, state=ServiceState.FAILED, at=now, reason="proof_over")
        if not message.address:
            return ServiceResult(ask=ask, state=ServiceState.GONE, at=now, reason="retired")
        way = self._ways.best(ask.channel, ask.receiver, tries=claim.tries)
        if way is None:
            return ServiceResult(ask=ask, state=ServiceState.REFUSED, at=now, reason="no_provider")
        return await self._posted(claim, message, way, now)

    async def _posted(self, claim: ServiceClaim, message: ServiceMessage, way: WayOut, now: datetime) -> ServiceResult:
        began_s = self._clock.monotonic()
        try:
            delivery = await way.port.post(message)
        except Exception:
            log.exception("post_failed", message=str(message.id), provider=way.provider)
            delivery = Delivery(state=DeliveryState.RETRY, reason="our_fault")
        seconds = self._clock.monotonic() - began_s
        of_person = claim.ask.receiver is None
        if of_person or delivery.paths:  # a row that no path was asked for says nothing of the way
            self._ways.told(way.provider, delivery, seconds, address=message.address, asked=of_person)
        answered_at = now + timedelta(seconds=seconds)
        again = delivery.state is DeliveryState.RETRY and claim.tries + 1 < TRIES
        pause = max(PAUSE, min(delivery.retry_after or PAUSE, LONGEST_PAUSE))
        return ServiceResult(
            ask=claim.ask,
            state=ServiceState.PENDING if again else _STATES[delivery.state],
            at=answered_at,
            due_at=answered_at + pause if again else None,
            provider=way.provider,
            seconds=seconds,
            reason=delivery.reason,
            answer=delivery.answer,
        )

    def _message(self, claim: ServiceClaim, now: datetime) -> ServiceMessage | None:
        """Word a message; None if what it would prove has run out."""
        ask, link = claim.ask, None
        match ask.kind:
            case ServiceKind.TEST:
                words = words_of_test(ask.channel, claim.language, ask.asked_at, self._zone)
            case ServiceKind.PROOF:
                if claim.proof is None or not claim.proof.stands(now):
                    return None
                words, link = self._proof(claim)
            case ServiceKind.RECEIVER_TEST:
                words = words_of_row_test()
            case _:
                assert_never(ask.kind)
        return ServiceMessage(
            id=ask.id,
            channel=ask.channel,
            address=self._address(claim),
            language=claim.language,
            title=words.title,
            body=words.body,
            link=link,
        )

    def _proof(self, claim: ServiceClaim) -> tuple[ServiceWords, str | None]:
        assert claim.proof is not None
        by = proof_by(claim.ask.channel, linked=self._origin is not None)
        words = words_of_proof(by, claim.ask.channel, claim.language, claim.proof.code(self._secret))
        linked = {Channel.MAIL} if self._origin is not None else set()
        if claim.ask.channel in linked | {Channel.APNS, Channel.FCM, Channel.WEB_PUSH}:
            return words, f"{self._origin or ''}{PROOF_PATH}{claim.proof.key(self._secret)}"
        return words, None

    def _address(self, claim: ServiceClaim) -> str:
        """The point's own address; of a centre its row: name, kind, silent or open, and the row's fingerprint."""
        ask = claim.ask
        if ask.receiver is None:
            return claim.address
        silent = "silent" if ask.detail.get("silent") == "true" else "open"
        return "/".join((ask.receiver, ask.detail.get("kind", ""), silent, ask.detail.get("fingerprint", "")))
