"""All connections of one HTTP receiver, and how a request becomes a response."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog
from twisted.internet import protocol
from twisted.internet.interfaces import IAddress

from larmcentral.bridge import Tasks
from larmcentral.ports import CarriesWords
from larmcentral.receivers.carrying import Answered, Carrying
from larmcentral.receivers.crowd import Crowd, Refused, host_of
from larmcentral.receivers.http_channel import PhoneChannel, PhoneRequest
from larmcentral.receivers.reception import Admission, Reception
from protocols.conversation import Nak, SignalsReceived, Token
from protocols.http import (
    HttpConversation,
    HttpFault,
    HttpRequest,
    HttpResponse,
    HttpTakesOrders,
    for_the_record,
)
from protocols.signal import AccountId

METHODS: Final = ("GET", "POST")

_log = structlog.get_logger(__name__)


class HttpReceiver(protocol.Factory):
    """Twisted's factory for one listener. speak: begins the conversation of one request."""

    noisy = False

    def __init__(self, *, reception: Reception, speak: Callable[[], HttpConversation], words: CarriesWords) -> None:
        self.reception: Final = reception
        self._words = words
        self.crowd: Final[Crowd[PhoneChannel]] = Crowd(reception)
        self.tasks: Final = Tasks(self._failed)
        self._speak = speak
        self._name: Final = reception.receiver.name

    def buildProtocol(self, addr: IAddress | None) -> protocol.Protocol:
        """Take a connection, or one that is closed again at once."""
        address = host_of(addr)
        return PhoneChannel(self, address) if self.crowd.admits(address) else Refused()

    def log(self, request: PhoneRequest) -> None:
        """Twisted's access log: none. An address with its query says who was where."""

    def serve(self, request: PhoneRequest, address: str) -> None:
        """Answer a whole request when its signals are stored."""
        self.tasks.start(self._serve(request, address, request.channel.known))  # later it may have no channel

    async def close(self, within_s: float) -> None:
        """Answer what is under way, then leave. May be called twice."""
        await self.crowd.close(within_s)
        if cancelled := await self.tasks.finish(within_s):
            _log.error("arrivals_cancelled", receiver=self._name, number=cancelled)

    async def answer(self, request: HttpRequest, address: str, known: Callable[[], None] = lambda: None) -> Answered:
        """Return the response, and who may be told something in it. Raises only for our own bugs.

        known: called where an enrolled device asks.
        """
        if request.method not in METHODS:
            self.reception.metrics.fault(self._name, "MethodNotAllowed")
            allowed = ", ".join(METHODS)
            words = b"" if request.method == "HEAD" else f"only {allowed} are taken here\n".encode()
            return Answered(HttpResponse(405, (("Allow", allowed), ("Content-Type", "text/plain")), words))
        now = self.reception.clock.now()
        conversation = self._speak()
        received: list[SignalsReceived] = []
        for event in conversation.receive_request(request, now):
            if isinstance(event, HttpFault):
                self.reception.fault(event.error, event.raw, now)
                return Answered(event.response)
            received.append(event)
        if any(event.authentic and self.reception.knows_one_of(event.signals) for event in received):
            known()
        nak = await self._take_in(received, address, now)
        response = self._response(conversation, received, nak)
        if nak is not None or not isinstance(conversation, HttpTakesOrders):
            return Answered(response)
        return Answered(response, conversation, _named(received))

    async def _take_in(self, received: list[SignalsReceived], address: str, now: datetime) -> Nak | None:
        """None if anything was stored, or nothing was to be, and nothing that had to be was not."""
        now_s = self.reception.clock.monotonic()
        admitted = [(event, self.reception.admit(event, address, now)) for event in received]
        naks: list[Nak | None] = list(
            await asyncio.gather(
                *(self.reception.take_in(event, now, now_s) for event, how in admitted if how is Admission.TAKE_IN)
            )
        )
        naks += [how if isinstance(how, Nak) else None for _, how in admitted if how is not Admission.TAKE_IN]
        if Nak.NOT_STORED in naks:
            return Nak.NOT_STORED
        return None if None in naks else Nak.UNKNOWN_DEVICE

    def _response(
        self, conversation: HttpConversation, received: list[SignalsReceived], nak: Nak | None
    ) -> HttpResponse:
        tokens: list[Token] = [event.token for event in received if event.token is not None]
        assert len(tokens) == 1, "a request is answered exactly once"
        now = self.reception.clock.now()
        return conversation.ack(tokens[0], now) if nak is None else conversation.nak(tokens[0], nak, now)

    async def _serve(self, request: PhoneRequest, address: str, known: Callable[[], None]) -> None:
        asked = request.value()
        try:
            answered = await self.answer(asked, address, known)
        except Exception:  # the edge of a request: our bug must not leave a phone waiting
            self.reception.our_bug(for_the_record(asked), self.reception.clock.now())
            answered = Answered(HttpResponse(500))
        carrying = Carrying(answered, request.respond, self.reception.clock)
        protocol_name, device = self.reception.receiver.protocol, answered.device
        if device is not None and self.reception.knows(device) and self._words.waits_for(protocol_name, device):
            await carrying.carry(self._words, protocol_name, device)
        carrying.respond()

    def _failed(self, error: BaseException) -> None:
        _log.error("request_task_failed", receiver=self._name, exc_info=error)


def _named(received: list[SignalsReceived]) -> AccountId | None:
    """The one device that speaks in a request, if it is one and has proven it: a list may speak for several."""
    names = {signal.device for event in received if event.authentic for signal in event.signals}
    return names.pop() if len(names) == 1 else None
