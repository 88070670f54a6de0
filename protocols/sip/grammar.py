"""What stands inside SIP headers: lists, parameters, addresses, Via lines, digest credentials.

Lenient reading; every function is linear in its text. Source: RFC 3261 sections 19.1, 20, 25.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from protocols.errors import ContentError

MAX_LIST_SIGNS: Final = 16_384
"""Of all lines of one header together: ten times what the longest way through proxies has."""

_PORT: Final = re.compile(r"[0-9]{1,5}")
_SENT_PROTOCOL: Final = re.compile(r"\s*SIP\s*/\s*2\.0\s*/\s*([A-Za-z0-9-]{1,16})\s+", re.IGNORECASE)
_PAIR: Final = re.compile(r"\s*([A-Za-z0-9_-]{1,32})\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^\s,\"]*))\s*(?:,|$)")


@dataclass(frozen=True, slots=True)
class Uri:
    """A sip: or sips: address. user: empty where there is none. host: without brackets. port: None where not said."""

    scheme: str
    user: str
    host: str
    port: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Named:
    """What From, To and Contact hold: an address and the header's own parameters."""

    uri: str
    params: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Via:
    """One hop that a request took. host: without brackets. port: None where not said."""

    transport: str
    host: str
    port: int | None
    params: Mapping[str, str | None]


def split(text: str, separator: str) -> list[str]:
    """Split where the separator stands outside of quotation marks and of <>; blanks around the parts are dropped."""
    parts, begun, quoted, inside, escaped = [], 0, False, False, False
    for at, sign in enumerate(text):
        if escaped:
            escaped = False
        elif quoted:
            escaped = sign == "\\"
            quoted = sign != '"'
        elif sign == '"':
            quoted = True
        elif sign in "<>":
            inside = sign == "<"
        elif sign == separator and not inside:
            parts.append(text[begun:at].strip())
            begun = at + 1
    parts.append(text[begun:].strip())
    return parts


def values(lines: list[str]) -> list[str]:
    """Return the values of a header that may stand on several lines or, with commas, on one. Raises ContentError."""
    if sum(map(len, lines)) > MAX_LIST_SIGNS:
        raise ContentError(f"a header of more than {MAX_LIST_SIGNS} signs")
    return [part for line in lines for part in split(line, ",") if part]


def params(parts: list[str]) -> Mapping[str, str | None]:
    """Read `name=value` and bare names; names in small letters, quotation marks dropped."""
    found: dict[str, str | None] = {}
    for part in parts:
        name, equals, value = part.partition("=")
        if name.strip():
            found.setdefault(name.strip().lower(), value.strip().strip('"') if equals else None)
    return found


def parse_named(text: str) -> Named:
    """Read From, To or one Contact. Raises ContentError."""
    parts = split(text, ";")
    head = parts[0]
    if "<" in head:
        uri, closed, _ = head.partition("<")[2].partition(">")
        if not closed:
            raise ContentError("an address without its closing bracket")
        return Named(uri.strip(), params(parts[1:]))
    if not head or '"' in head or " " in head:
        raise ContentError("no address")
    return Named(head, params(parts[1:]))  # without <> the parameters are the header's


def parse_uri(text: str) -> Uri:
    """Read an address. Raises ContentError for other schemes and for what has no host."""
    scheme, colon, rest = text.strip().partition(":")
    if scheme.lower() not in ("sip", "sips") or not colon:
        raise ContentError("no sip: address")
    bare = rest.partition("?")[0].partition(";")[0]
    user, at, where = bare.rpartition("@")
    host, port = _host_port(where)
    return Uri(scheme.lower(), user.partition(":")[0] if at else "", host, port, text.strip())


def parse_via(text: str) -> Via:
    """Read one Via value. Raises ContentError."""
    parts = split(text, ";")
    found = _SENT_PROTOCOL.match(parts[0])
    if found is None:
        raise ContentError("a Via that is none")
    host, port = _host_port(parts[0][found.end() :])
    return Via(found[1].upper(), host, port, params(parts[1:]))


def digest_pairs(text: str) -> Mapping[str, str] | None:
    """Read `Digest name="value", ...`; None for another scheme or what cannot be read. Names in small letters."""
    scheme, _, rest = text.strip().partition(" ")
    if scheme.lower() != "digest":
        return None
    pairs: dict[str, str] = {}
    at = 0
    while at < len(rest):
        found = _PAIR.match(rest, at)
        if found is None or found.end() == at:
            return None
        value = found[3] if found[2] is None else re.sub(r"\\(.)", r"\1", found[2])
        pairs.setdefault(found[1].lower(), value)
        at = found.end()
    return pairs


def hosted(host: str) -> str:
    """Write a host as an address has it: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


def _host_port(text: str) -> tuple[str, int | None]:
    text = text.strip()
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        port = rest.lstrip().removeprefix(":")
    else:
        host, _, port = text.partition(":")
    host, port = host.strip(), port.strip()
    if not host or any(sign in host for sign in ' "<>@,'):
        raise ContentError("no host")
    if port and not (_PORT.fullmatch(port) and 0 < int(port) < 65_536):
        raise ContentError("no port")
    return host, int(port) if port else None
