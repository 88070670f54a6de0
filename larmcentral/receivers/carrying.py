"""Words down to a phone that keeps no connection: they ride in the response to its own next request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog

from larmcentral.domain.device import NO_WORDS, NOT_NOW, Downlink, Said
from larmcentral.domain.errors import StoreUnavailable
from larmcentral.ports import CarriesWords, Clock
from larmcentral.receivers.speaking import order_of, would_show
from protocols.http import HttpResponse, HttpTakesOrders
from protocols.signal import AccountId

CARRY_S: Final = 2.0
"""A phone waits some fifteen seconds for its answer; words that are not found in this time wait for the next one."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Answered:
    """A response, and who may be told something in it: nobody where conversation and device are None."""

    response: HttpResponse
    conversation: HttpTakesOrders | None = None
    device: AccountId | None = None


class Carrying:
    """One response on its way out. It is written once: with one order in it, or with none.

    write: sends the response; False if nobody waits for it any more.
    """

    def __init__(self, answered: Answered, write: Callable[[HttpResponse], bool], clock: Clock) -> None:
        self._answered, self._write, self._clock = answered, write, clock
        self._written = False

    async def carry(self, words: CarriesWords, protocol: str, device: AccountId) -> None:
        """Say in it what waits for the device. Never raises: a phone is owed its answer whatever becomes of ours."""
        try:
            async with asyncio.timeout(CARRY_S):
                await words.carry(protocol, device, self.say)
        except (StoreUnavailable, TimeoutError) as error:
            _log.warning("words_not_carried", protocol=protocol, reason=type(error).__name__)
        except Exception:  # the edge of a request
            _log.exception("words_not_carried", protocol=protocol)

    def say(self, downlink: Downlink) -> Said:
        """Write the response with these words in it; one order rides in each, the next waits for the next request."""
        conversation = self._answered.conversation
        if self._written or conversation is None:
            return NOT_NOW
        if would_show(downlink):
            return NO_WORDS
        try:
            full = conversation.with_order(order_of(downlink), self._answered.response, self._clock.now())
        except Exception:  # the edge of an order: our bug costs this one, and not the phone its answer each time
            _log.exception("order_failed", protocol=downlink.protocol, kind=downlink.kind.value)
            return NO_WORDS
        if full is None:
            return NO_WORDS
        self._written = True
        return Said(1) if self._write(full) else NOT_NOW

    def respond(self) -> None:
        """Write the response as it is, unless words went out in it."""
        if not self._written:
            self._written = True
            self._write(self._answered.response)
