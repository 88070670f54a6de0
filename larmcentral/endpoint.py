"""Where a receiver listens, in Twisted's syntax: "tcp:port=5093", "ssl:port=5094:privateKey=...", "udp:port=5093".

And where a broker is that we subscribe at: "mqtt://127.0.0.1:1883", "mqtts://broker.example".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

TRANSPORTS: Final = ("tcp", "tcp6", "ssl", "udp")
BACKLOG: Final = "1024"
"""After a restart all devices come back at once; the kernel's own limit is mostly 4096."""

_ARGUMENTS: Final = {
    "tcp": {"port", "interface", "backlog"},
    "tcp6": {"port", "interface", "backlog"},
    "ssl": {
        "port",
        "interface",
        "backlog",
        "privateKey",
        "certKey",
        "extraCertChain",
    },
    "udp": {"port", "interface"},
}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """port: 0 to 65535, 0 for any free one. interface: address to bind, empty for all. more: what else was said."""

    transport: str
    port: int
    interface: str = ""
    more: tuple[tuple[str, str], ...] = ()

    @property
    def family(self) -> str:
        """ "tcp" or "udp": two endpoints of one family cannot share a port."""
        return "udp" if self.transport == "udp" else "tcp"

    @property
    def files(self) -> tuple[str, ...]:
        """The files that it needs: keys and certificates."""
        named = tuple(value for name, value in self.more if name in {"privateKey", "certKey", "extraCertChain"})
        return named or (("server.pem",) if self.transport == "ssl" else ())

    def collides(self, other: Endpoint) -> bool:
        """Say whether only one of the two can listen."""
        everywhere = {"", "0.0.0.0", "::"}
        return (
            self.port == other.port != 0
            and self.family == other.family
            and (self.interface == other.interface or bool({self.interface, other.interface} & everywhere))
        )

    def __str__(self) -> str:
        """Write it for Twisted."""
        arguments = {"port": str(self.port), "interface": self.interface, **dict(self.more)}
        if self.transport != "udp":
            arguments.setdefault("backlog", BACKLOG)
        said = (f"{name}={_quoted(value)}" for name, value in arguments.items() if value)
        return ":".join((self.transport, *said))


def parse_endpoint(text: str) -> Endpoint:
    """Read an endpoint. A colon inside a value is written as a backslash and a colon. Raises ValueError in words."""
    transport, *rest = _split(text)
    if transport not in TRANSPORTS:
        raise ValueError(f"{transport!r} is no transport; there are {', '.join(TRANSPORTS)}")
    arguments: dict[str, str] = {}
    for number, part in enumerate(rest):
        name, equals, value = part.partition("=")
        if not equals:
            if number != 0:
                raise ValueError(f"{part!r} lacks a name, as in port=5093")
            name, value = "port", part
        if name in arguments:
            raise ValueError(f"{name} is said twice")
        if name not in _ARGUMENTS[transport]:
            raise ValueError(f"{transport} has no {name!r}; it has {', '.join(sorted(_ARGUMENTS[transport]))}")
        arguments[name] = value
    if "port" not in arguments:
        raise ValueError("the port is missing, as in tcp:port=5093")
    port = arguments.pop("port")
    if not (port.isascii() and port.isdigit() and int(port) <= 65_535):
        raise ValueError(f"{port!r} is no port; ports go from 0 to 65535")
    return Endpoint(transport, int(port), arguments.pop("interface", ""), tuple(arguments.items()))


def _split(text: str) -> list[str]:
    parts, escaped = [""], False
    for character in text:
        if escaped or character not in {"\\", ":"}:
            parts[-1] += character
            escaped = False
        elif character == "\\":
            escaped = True
        else:
            parts.append("")
    return parts


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace(":", "\\:")


BROKER_PORTS: Final = {"mqtt": 1883, "mqtts": 8883}


@dataclass(frozen=True, slots=True)
class Broker:
    """An MQTT broker. tls: its certificate is checked."""

    host: str
    port: int
    tls: bool = False


def parse_broker(text: str) -> Broker:
    """Read mqtt://host[:port] or mqtts://. Raises ValueError in words; a user belongs into a setting of his own."""
    try:
        split = urlsplit(text)
        port = split.port
    except ValueError:
        raise ValueError(f"{text!r} is no broker, as in mqtt://127.0.0.1:1883") from None
    if split.scheme not in BROKER_PORTS or not split.hostname or split.path not in ("", "/"):
        raise ValueError("a broker is mqtt://host:port or mqtts://host:port")
    if split.username is not None or split.query or split.fragment:
        raise ValueError("user and password are settings of their own, not parts of the broker's address")
    return Broker(split.hostname, BROKER_PORTS[split.scheme] if port is None else port, split.scheme == "mqtts")
