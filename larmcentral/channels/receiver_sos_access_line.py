"""The wire to a SOS Access receiver: one connection a request, and never longer than the caller's deadline."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from larmcentral.channels.http_client import in_words
from larmcentral.channels.receiver_sos_access_settings import SosAccessSettings
from larmcentral.channels.tls import trust
from larmcentral.ports import Clock
from protocols.conversation import Fault
from protocols.sos_access.conversation import Answered, Exchange, Unanswered
from protocols.sos_access.messages import Request, Response

READ_BYTES = 65_536


class NoAnswer(Exception):
    """Nothing came back that can be read. The text says why; whether the receiver has the request is not known."""


class SosAccessLine:
    """Connects, asks, listens until the answer's root closes, and hangs up. Any number at once."""

    def __init__(self, settings: SosAccessSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._tls: ssl.SSLContext | None = None

    async def open(self) -> None:
        """Read the certificates. Raises OSError for a file that cannot be read."""
        if self._settings.tls and self._tls is None:
            self._tls = await asyncio.to_thread(_context, self._settings)

    async def ask(self, request: Request, until: float) -> Response:
        """Return the receiver's answer. until: the loop's time.

        Raises NoAnswer; LocalProtocolError for a request that cannot be written.
        """
        exchange = Exchange(request, self._clock.now(), answer_within=self._settings.deadline)
        async with self._connected(until) as (reader, writer):
            try:
                async with asyncio.timeout_at(until):
                    writer.write(exchange.request_bytes)
                    while True:
                        chunk = await reader.read(READ_BYTES)
                        came = exchange.receive(chunk, self._clock.now()) if chunk else exchange.closed()
                        if (response := _outcome(came)) is not None:
                            return response
            except TimeoutError:
                due_at = exchange.next_deadline()
                assert due_at is not None, "an exchange without an outcome has a deadline"
                (ended,) = exchange.deadline_passed(due_at)
                raise NoAnswer(f"{ended.why} in time") from None
            except OSError as error:
                raise NoAnswer(f"the connection broke: {error.strerror or type(error).__name__}") from error

    async def reach(self, until: float) -> None:
        """Connect, with TLS where ordered, and hang up without a word. Raises NoAnswer."""
        async with self._connected(until):
            pass

    @asynccontextmanager
    async def _connected(self, until: float) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        host, port = self._settings.host, self._settings.port
        try:
            async with asyncio.timeout_at(until):
                reader, writer = await asyncio.open_connection(
                    host, port, ssl=self._tls, server_hostname=host if self._tls is not None else None
                )
        except TimeoutError:
            raise NoAnswer("no connection in time") from None
        except (OSError, UnicodeError) as error:  # a host name can be one that no resolver takes
            # a handshake that the other side breaks off has no text of its own
            raise NoAnswer(in_words(error) if str(error) else f"cannot connect: {type(error).__name__}") from error
        try:
            yield reader, writer
        except BaseException:
            writer.transport.abort()  # whatever still comes on it is the answer to nothing
            raise
        else:
            writer.close()


def _outcome(came: Sequence[Answered | Unanswered | Fault]) -> Response | None:
    """The answer; None while there is none."""
    match came:
        case [Answered(response)]:
            return response
        case [Unanswered(why)]:
            raise NoAnswer(why)
        case [Fault(error)]:
            raise NoAnswer(f"the answer cannot be read: {error}")
        case _:
            return None


def _context(settings: SosAccessSettings) -> ssl.SSLContext:
    context = trust(settings.ca_file)
    if not settings.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
