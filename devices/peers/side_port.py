"""A plain HTTP port beside each receiver: other processes read what came in and give orders."""

from __future__ import annotations

import contextlib
from typing import Any, Protocol

from aiohttp import web

from devices.peers.orders import Orders, order_from_json
from devices.peers.record import Record

MOST_AT_ONCE = 5000
LONGEST_WAIT_S = 60.0


class Door(Protocol):
    """A receiver that can be shut and opened while its side port goes on."""

    async def shut(self) -> None:
        """Cut all connections; from now on a new one is refused. Nothing happens if it is shut."""
        ...

    async def open(self) -> None:
        """Listen again, on the same port. Nothing happens if it is open."""
        ...


class SidePort:
    """GET /_received?since=N&limit=N&wait_s=S, DELETE /_received, POST and DELETE /_orders. Loopback only.

    wait_s: answer when something later than since has come, or after so long.
    An order is {"for": "address"|"next"|"all", "address": ..., "times": ...} and the fields of orders.Order.
    door: DELETE /_door shuts the receiver, so that connections are refused, and POST /_door opens it.
    """

    def __init__(self, record: Record, orders: Orders, *, port: int = 0, door: Door | None = None) -> None:
        self._record = record
        self._orders = orders
        self._door = door
        self._wanted_port = port
        self._runner: web.AppRunner | None = None
        self.port = 0

    async def start(self) -> None:
        """Listen."""
        app = web.Application()
        app.router.add_get("/_received", self._received)
        app.router.add_delete("/_received", self._clear)
        app.router.add_post("/_orders", self._order)
        app.router.add_delete("/_orders", self._clear_orders)
        if self._door is not None:
            app.router.add_delete("/_door", self._shut)
            app.router.add_post("/_door", self._open)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._wanted_port).start()
        self.port = int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Stop listening."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    async def _received(self, request: web.Request) -> web.Response:
        try:
            since = int(request.query.get("since", "0"))
            limit = min(int(request.query.get("limit", "100")), MOST_AT_ONCE)
            wait_s = min(float(request.query.get("wait_s", "0")), LONGEST_WAIT_S)
        except ValueError:
            raise web.HTTPBadRequest(text="since, limit and wait_s are numbers") from None
        if wait_s > 0 and self._record.count <= since:
            with contextlib.suppress(TimeoutError):  # an empty list says it
                await self._record.wait_for(lambda received: received.number > since, wait_s)
        found = [received.as_json() for received in self._record.since(since, limit)]
        return web.json_response({"count": self._record.count, "received": found})

    async def _clear(self, request: web.Request) -> web.Response:
        self._record.clear()
        return web.Response(status=204)

    async def _order(self, request: web.Request) -> web.Response:
        try:
            read: dict[str, Any] = await request.json()
            order = order_from_json(read)
            times = None if read.get("times") is None else int(read["times"])
            match read["for"]:
                case "address":
                    self._orders.for_address(str(read["address"]), order, times=times)
                case "next":
                    self._orders.for_next(order, times=times or 1)
                case "all":
                    self._orders.for_all(order)
                case other:
                    raise ValueError(f"for {other!r}")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise web.HTTPBadRequest(text=f"not an order: {error}") from None
        return web.Response(status=204)

    async def _clear_orders(self, request: web.Request) -> web.Response:
        self._orders.clear()
        return web.Response(status=204)

    async def _shut(self, request: web.Request) -> web.Response:
        if self._door is not None:
            await self._door.shut()
        return web.Response(status=204)

    async def _open(self, request: web.Request) -> web.Response:
        if self._door is not None:
            await self._door.open()
        return web.Response(status=204)
