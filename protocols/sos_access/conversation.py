"""The transmitter's role: one request and its answer, which is all that a connection carries.

Who calls decides what comes of it: another try in the shortest form, the other receiver, a telephone. The receiver's
role is reception.py; openers() begins it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from protocols.conversation import Accounts, Fault
from protocols.errors import ContentError, RemoteProtocolError
from protocols.openers import Draw, Openers
from protocols.sos_access.codec import parse, serialise
from protocols.sos_access.framing import OneDocument
from protocols.sos_access.memory import Memory
from protocols.sos_access.messages import (
    AlarmRequest,
    AlarmResponse,
    Message,
    NewAuthenticationRequest,
    NewAuthenticationResponse,
    PingRequest,
    PingResponse,
    Request,
    Response,
)
from protocols.sos_access.reception import SosAccessReception

ANSWER_WITHIN: Final = timedelta(seconds=10)
"""How long the reference client waits for an answer once the request is sent."""

ANSWERS: Final[dict[type[Request], type[Response]]] = {
    AlarmRequest: AlarmResponse,
    PingRequest: PingResponse,
    NewAuthenticationRequest: NewAuthenticationResponse,
}


@dataclass(frozen=True, slots=True)
class Answered:
    """The receiver's answer, whatever its status."""

    response: Response


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Nothing that can be read will come. why: in words. Whether the receiver has the request is not known."""

    why: str


class Exchange:
    """One connection's worth. request_bytes goes out once the connection stands; then everything heard goes in.

    Exactly one Answered, Unanswered or Fault comes out, and nothing after it.
    """

    def __init__(self, request: Request, now: datetime, *, answer_within: timedelta = ANSWER_WITHIN) -> None:
        """now: aware UTC. Raises LocalProtocolError for a request that cannot be written."""
        self._wanted = ANSWERS[type(request)]
        self._due_at: datetime | None = now + answer_within
        self._document = OneDocument()
        self.request_bytes = serialise(request)

    @property
    def over(self) -> bool:
        """True once there is an outcome: the connection can be closed."""
        return self._due_at is None

    def receive(self, chunk: bytes, now: datetime) -> Sequence[Answered | Fault]:
        """Take the receiver's bytes; return the outcome once it is known. Never raises."""
        if self.over:
            return []
        try:
            document = self._document.feed(chunk)
            if document is None:
                return []
            outcome: Answered | Fault = Answered(self._awaited(parse(document)))
        except RemoteProtocolError as error:
            outcome = Fault(error, chunk, close=True)
        self._due_at = None
        return [outcome]

    def next_deadline(self) -> datetime | None:
        """When to call deadline_passed(), or None."""
        return self._due_at

    def deadline_passed(self, now: datetime) -> Sequence[Unanswered]:
        """Say that the deadline is over."""
        if self._due_at is None or now < self._due_at:
            return []
        return self._ended("the answer broke off" if self._document.begun else "no answer")

    def closed(self) -> Sequence[Unanswered]:
        """Say that the other side has closed the connection."""
        if self.over:
            return []
        return self._ended("closed in mid-answer" if self._document.begun else "closed without an answer")

    def _ended(self, why: str) -> list[Unanswered]:
        self._due_at = None
        return [Unanswered(why)]

    def _awaited(self, message: Message) -> Response:
        if isinstance(message, self._wanted):
            return message
        raise ContentError("an answer to something else")


def openers(accounts: Accounts, draw: Draw) -> Openers:
    """Return how a receiver begins; its conversations share the memory of repeats and pings."""
    memory = Memory()
    return Openers(connection=lambda now: SosAccessReception(accounts, draw=draw, memory=memory, opened_at=now))
