"""Where Twisted and asyncio meet: asyncio owns the process, Twisted joins its loop as a guest."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar, cast

from twisted.internet import main, tcp, udp
from twisted.internet.asyncioreactor import AsyncioSelectorReactor
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred
from twisted.internet.main import installReactor
from twisted.protocols.tls import TLSMemoryBIOFactory

T = TypeVar("T")

SHUTDOWN_S: Final = 5.0
"""What Twisted's own shutdown (thread pool, open ports) may take before the process goes on without it."""
ACCEPTS_A_TURN: Final = 32
TLS_ACCEPTS_A_TURN: Final = 4
BUSY_ACCEPTS_A_TURN: Final = 1
"""While those who were taken wait to be heard: the rest wait in the kernel, which keeps their place in the row."""
HANDSHAKES_S: Final = 0.003
"""Of a turn: two signatures with RSA, a dozen with ECDSA."""
DATAGRAMS_A_TURN: Final = 16
"""Some 3 ms of work each; the next turn of the loop takes more, and whoever waits beside them is served between."""
DATAGRAM_READS_A_TURN: Final = 256
"""With those that are thrown away unread, which cost some microseconds each."""
READ_BYTES: Final = 4096
"""Read of one connection at a time: more than a device says at once, and some ms of decoding at the most."""
READS_AFTER_RESET: Final = 16
"""What a device said last before it broke off; there is nobody left to repeat the rest for, and it was not acked."""


class Tasks:
    """Keeps a strong reference to every task until it ends: the loop itself keeps only weak ones.

    failed: told of an exception that no one awaits. Cancelling is no failure.
    """

    def __init__(self, failed: Callable[[BaseException], None]) -> None:
        self._running: set[asyncio.Task[Any]] = set()
        self._failed = failed

    def __len__(self) -> int:
        return len(self._running)

    def start(self, work: Coroutine[Any, Any, object]) -> asyncio.Task[Any]:
        """Run the work beside everything else."""
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    async def finish(self, within_s: float) -> int:
        """Wait for all of them; cancel what is not done by then. Returns how many had to be cancelled."""
        late = set(self._running)
        if late:
            _, late = await asyncio.wait(late, timeout=within_s)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=within_s)
        return len(late)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._failed(error)


def to_deferred(work: Coroutine[Any, Any, T]) -> Deferred[T]:
    """Run asyncio work from Twisted code; cancelling the Deferred cancels the task."""
    return Deferred.fromFuture(asyncio.ensure_future(work))


async def from_deferred(deferred: Deferred[T]) -> T:
    """Await Twisted's work from asyncio code; cancelling the task cancels the Deferred."""
    return await deferred.asFuture(asyncio.get_running_loop())


class _Line(tcp.Server):
    """A connection of a port of ours.

    libuv calls once for a connection that the other end has reset, and never again: what is unread behind the first
    read would keep it, and its file, until its deadline. So each read looks for that.
    """

    bufferSize = READ_BYTES

    def doRead(self) -> Any:
        """Read once, or what is left where nothing more will come."""
        why = super().doRead()
        if why is None and self.connected and self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            for _ in range(READS_AFTER_RESET):
                if why is None:
                    why = super().doRead()
            return why or main.CONNECTION_LOST
        return why


class _TlsLine(_Line):
    """A connection with TLS around it. A handshake costs a millisecond or two of signing, so all that are under way
    have a part of each turn of the loop and no more; who has shaken hands does not wait for them."""

    reactor: GuestReactor  # type: ignore[assignment]  # Twisted says less: only our reactor opens such a port

    def doRead(self) -> Any:
        """Read once, unless it is for a handshake and the time for these is over in this turn."""
        if getattr(self.protocol, "_handshakeDone", True):
            return super().doRead()
        if self.reactor.handshakes.over:
            lost = self.connected and self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            return main.CONNECTION_LOST if lost else None  # else we are called again in the next turn
        with self.reactor.handshakes:
            return super().doRead()


class _PartOfTurn:
    """So much time in each turn of the loop for something; what is done with it is done inside `with`."""

    def __init__(self, loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        self._loop, self._seconds = loop, seconds
        self._spent_s = self._began_s = 0.0

    @property
    def over(self) -> bool:
        """True until the next turn once all of it is spent."""
        return self._spent_s >= self._seconds

    def __enter__(self) -> None:
        if self._spent_s == 0.0:
            self._loop.call_soon(self._next_turn)
        self._began_s = time.perf_counter()

    def __exit__(self, *raised: object) -> None:
        self._spent_s += time.perf_counter() - self._began_s

    def _next_turn(self) -> None:
        self._spent_s = 0.0


class _Door(tcp.Port):
    """A port for connections. The stock one takes more at a time the longer a rush of them lasts.

    Its factory may have busy(): True while it has taken more than it can hear.
    """

    transport: type[_Line] = _Line
    at_once = ACCEPTS_A_TURN

    def doRead(self) -> None:
        """Take some of those that call."""
        busy = getattr(getattr(self.factory, "wrappedFactory", self.factory), "busy", None)
        at_once = BUSY_ACCEPTS_A_TURN if busy is not None and busy() else self.at_once
        self.numberAccepts = min(max(1, self.numberAccepts), at_once)
        super().doRead()  # type: ignore[no-untyped-call]  # Twisted has not typed it


class _TlsDoor(_Door):
    """The same with TLS around each connection, whose making alone costs as much as ten without."""

    transport = _TlsLine
    at_once = TLS_ACCEPTS_A_TURN


class _Letterbox(udp.Port):
    """A port for datagrams. The stock one counts bytes: of small ones it takes thousands at a time, of empty ones
    without end, and an error of the kernel's closes it for good.

    Its protocol may have wants(address): what it does not want is thrown away at once, many times as fast as it comes
    when it is looked at.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)  # type: ignore[no-untyped-call]  # Twisted has not typed it
        self._page = bytearray(self.maxPacketSize)

    def doRead(self) -> None:
        """Take some of those that lie there."""
        taken, wants = 0, getattr(self.protocol, "wants", None)
        for _ in range(DATAGRAM_READS_A_TURN):
            try:
                length, address = self.socket.recvfrom_into(self._page)
            except OSError:  # mostly: that was all
                return
            if wants is not None and not wants(address):
                continue
            try:
                self.protocol.datagramReceived(bytes(self._page[:length]), address[:2])
            except Exception as error:  # the edge of a datagram
                asyncio.get_running_loop().call_exception_handler({"message": "datagram failed", "exception": error})
            taken += 1
            if taken == DATAGRAMS_A_TURN:
                return


class GuestReactor(AsyncioSelectorReactor):
    """Twisted's reactor on a loop that belongs to somebody else.

    Its timers follow the loop's monotonic time (the stock ones follow the wall clock), its end does not
    stop the loop, and none of its ports takes more than its part of a turn of the loop.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.seconds = loop.time
        self.handshakes: Final = _PartOfTurn(loop, HANDSHAKES_S)
        super().__init__(loop)

    def listenTCP(self, port: int, factory: Any, backlog: int = 50, interface: str = "") -> _Door:
        """Open a port for connections, with TLS around them or not: then Twisted has wrapped the factory already."""
        kind = _TlsDoor if isinstance(factory, TLSMemoryBIOFactory) else _Door
        door = kind(port, factory, backlog, interface, self)
        door.startListening()
        return door

    def adoptDatagramPort(
        self, fileDescriptor: int, addressFamily: int, protocol: object, maxPacketSize: int = 8192
    ) -> _Letterbox:
        """Open a port for datagrams on a socket that is there; the socket is copied."""
        adopt = cast("Callable[..., _Letterbox]", _Letterbox._fromListeningDescriptor)
        box = adopt(self, fileDescriptor, addressFamily, protocol, maxPacketSize=maxPacketSize)
        box.startListening()  # type: ignore[no-untyped-call]  # Twisted has not typed it
        return box

    def crash(self) -> None:
        """End Twisted's part; the stock method would stop the host's loop."""
        ReactorBase.crash(self)


def install_reactor() -> GuestReactor:
    """Make the running loop Twisted's. Once in a process, before anything imports twisted.internet.reactor."""
    reactor = GuestReactor(asyncio.get_running_loop())
    installReactor(reactor)  # type: ignore[no-untyped-call]  # Twisted has not typed it
    return reactor


def start_reactor(reactor: GuestReactor) -> None:
    """Let Twisted's services run; signals stay with asyncio. A reactor that runs is left alone."""
    if not reactor.running:
        reactor.startRunning(installSignalHandlers=False)


async def stop_reactor(reactor: GuestReactor) -> None:
    """Close what Twisted still holds. A reactor that does not run is left alone; it cannot be started again."""
    if not reactor.running:
        return
    ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    reactor.addSystemEventTrigger("after", "shutdown", ended.set_result, None)
    reactor.fireSystemEvent("shutdown")
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(ended, SHUTDOWN_S)
