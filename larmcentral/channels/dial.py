"""A connection of our own to one peer, for protocols that are not HTTP, and in words why there is none."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import ssl

FAREWELL_S = 0.5  # a peer that does not take TLS's good-bye by then is cut off


class NoLine(Exception):
    """No connection, or it broke. The text says why and where to look; it names no person and no number."""


async def dial(
    host: str, port: int, tls: ssl.SSLContext | None, within_s: float
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect, with TLS where a context is given. Raises NoLine."""
    try:
        async with asyncio.timeout(within_s):
            return await asyncio.open_connection(host, port, ssl=tls)
    except TimeoutError:
        raise NoLine("no connection in time") from None
    except OSError as error:
        raise NoLine(in_words(error)) from None


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """Close; cut off whoever does not take the farewell."""
    writer.close()
    with contextlib.suppress(OSError, TimeoutError):
        async with asyncio.timeout(FAREWELL_S):
            await writer.wait_closed()
    writer.transport.abort()


def in_words(error: BaseException) -> str:
    """Say why there is no connection, so that an operator knows where to look."""
    match error:
        case ssl.SSLCertVerificationError():
            return f"the server's certificate is not trusted: {error.verify_message}"[:200]
        case ssl.SSLError():
            return f"TLS failed: {getattr(error, 'reason', None) or 'no reason given'}"[:200]
        case socket.gaierror():
            return "its name does not resolve"
        case ConnectionRefusedError():
            return "it refuses the connection"
        case ConnectionResetError() | BrokenPipeError() | EOFError():
            return "the connection was cut"
        case TimeoutError():
            return "no answer in time"
        case OSError():
            return f"no connection: {error.strerror or type(error).__name__}"[:200]
        case _:
            return type(error).__name__


def loopback(host: str) -> bool:
    """Whether a host is this machine, where nobody listens in on the way."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
