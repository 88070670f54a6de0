"""What a connection uses of Twisted's transport, plain or TLS."""

from __future__ import annotations

from typing import Protocol


class Transport(Protocol):
    """The same methods on both; Twisted's own interfaces say less to a type checker.

    bufferSize: bytes read at once, where the socket is read without TLS.
    """

    bufferSize: int

    def write(self, data: bytes) -> None: ...

    def loseConnection(self) -> None: ...

    def abortConnection(self) -> None: ...

    def pauseProducing(self) -> None: ...

    def resumeProducing(self) -> None: ...

    def registerProducer(self, producer: object, streaming: bool) -> None: ...

    def unregisterProducer(self) -> None: ...

    def setTcpNoDelay(self, enabled: bool) -> None: ...
