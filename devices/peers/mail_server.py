"""A local mail server on loopback: takes mail and keeps it. The server is aiosmtpd, which is not ours.

Orders: for a recipient, obeyed at RCPT; a status other than 200 is SMTP's code and the reason its words.
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import json
import secrets
import ssl
from typing import Any, Literal, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from devices.peers.orders import Fate, Orders
from devices.peers.record import Record
from devices.peers.side_port import SidePort

Seal = Literal["starttls", "implicit", "none"]
ROUNDS = 5  # of the loop, until uvloop has freed the sockets of aborted TLS connections


class MailServer:
    """One account, any recipient."""

    def __init__(
        self,
        tls: ssl.SSLContext | None,
        *,
        seal: Seal = "starttls",
        port: int = 0,
        side_port: int = 0,
        quiet: bool = False,
        username: str | None = "larm",
        password: str | None = None,
    ) -> None:
        """tls: needed unless seal is "none". username: None to let everybody in. password: None to make one up."""
        if (tls is None) != (seal == "none"):
            raise ValueError("a TLS context goes with starttls and implicit, and only with them")
        self.record = Record(quiet=quiet)
        self.orders = Orders()
        self.side = SidePort(self.record, self.orders, port=side_port)
        self.port = port
        self.username, self.password = username, password or secrets.token_hex(8)
        self._tls, self._seal = tls, seal
        self._server: asyncio.Server | None = None
        self._leaving = asyncio.Event()
        self._lines: set[_Smtp] = set()
        self.connections_made = 0

    def describe(self) -> dict[str, object]:
        """Return what a client must know."""
        return {
            "host": "localhost",
            "port": self.port,
            "tls": self._seal,
            "username": self.username,
            "password": self.password,
            "side": f"http://127.0.0.1:{self.side.port}",
        }

    async def start(self) -> None:
        """Listen; port and side.port are known then."""
        self._leaving.clear()
        loop = asyncio.get_running_loop()
        seal = self._tls if self._seal == "implicit" else None
        self._server = await loop.create_server(self._make, "127.0.0.1", self.port, ssl=seal)
        self.port = int(self._server.sockets[0].getsockname()[1])
        await self.side.start()

    async def stop(self) -> None:
        """Cut all lines and stop listening."""
        self._leaving.set()
        server, self._server = self._server, None
        if server is not None:
            server.close()
        self.cut_all()
        await self.side.stop()
        for _ in range(ROUNDS):
            await asyncio.sleep(0)

    def cut_all(self) -> None:
        """Cut every line, as a network does."""
        for line in tuple(self._lines):
            if line.transport is not None:
                cast(asyncio.WriteTransport, line.transport).abort()

    async def handle_MAIL(  # aiosmtpd finds it by this name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Let in who is known."""
        if self.username is not None and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # aiosmtpd finds it by this name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take or refuse a recipient."""
        order = self.orders.take(address)
        refused = order.status != 200
        if refused or order.fate is not Fate.ANSWER:
            self._keep(server, address, order.status if refused else 0, order.reason or order.fate.value, {}, b"")
        match order.fate:
            case Fate.SILENCE | Fate.HALF:
                await self._leaving.wait()
            case Fate.CUT | Fate.RESET:
                cast(asyncio.WriteTransport, server.transport).abort()
            case Fate.ANSWER | Fate.GOAWAY | Fate.GOAWAY_UNSEEN:
                pass
        if refused:
            return f"{order.status} {order.reason}"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # as above
        """Keep a mail."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        read = email.message_from_bytes(content, policy=email.policy.default)
        text, page = read.get_body(("plain",)), read.get_body(("html",))
        told = {
            "from": str(read["From"]),
            "to": str(read["To"]),
            "subject": str(read["Subject"]),
            "text": None if text is None else text.get_content().replace("\r\n", "\n"),
            "html": None if page is None else page.get_content().replace("\r\n", "\n"),
        }
        name = str(read["Message-ID"]).strip("<>").partition("@")[0]
        headers = {header: str(value) for header, value in read.items()}
        body = json.dumps(told, ensure_ascii=False).encode()
        for address in envelope.rcpt_tos:
            self._keep(server, address, 200, "", headers, body, notice_id=name)
        return f"250 OK kept as {self.record.count}"

    def _keep(
        self,
        server: SMTP,
        address: str,
        status: int,
        reason: str,
        headers: dict[str, str],
        body: bytes,
        *,
        notice_id: str = "",
    ) -> None:
        self.record.add(
            notice_id=notice_id,
            address=address,
            status=status,
            reason=reason,
            connection=cast(_Smtp, server).number,
            headers=headers,
            body=body,
        )

    def _make(self) -> SMTP:
        self.connections_made += 1
        options: dict[str, Any] = {"hostname": "localhost", "loop": asyncio.get_running_loop()}
        if self._seal == "starttls":
            options |= {"tls_context": self._tls, "require_starttls": True}
        if self.username is not None:
            # auth_required is ours to keep, in handle_MAIL: aiosmtpd knows of no TLS but its own
            options |= {"authenticator": self._authenticate, "auth_require_tls": self._seal == "starttls"}
        return _Smtp(self, self._lines, self.connections_made, **options)

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, said: Any
    ) -> AuthResult:
        known = (str(self.username).encode(), self.password.encode())
        right = isinstance(said, LoginPassword) and (said.login, said.password) == known
        return AuthResult(success=right, handled=False)  # not handled: the server itself answers 535


class _Smtp(SMTP):
    """aiosmtpd's protocol that says when it comes and goes."""

    def __init__(self, keeper: MailServer, lines: set[_Smtp], number: int, **options: Any) -> None:
        super().__init__(keeper, **options)
        self._lines, self.number = lines, number

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._lines.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._lines.discard(self)
        super().connection_lost(error)
