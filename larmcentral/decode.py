"""The command `larmcentral decode`: what the decoders make of frames and captures, one line at a time.

A line is hex digits, or the text itself, or for HTTP protocols {"method", "uri", "headers", "body"}; for these a
bare JSON body or a line such as `POST /?id=1&alarm=sos` will do as well. For mqtt a line is {"topic", "payload"}.
"""

from __future__ import annotations

import base64
import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, BinaryIO, Final

import click

from larmcentral.clock import SystemClock
from protocols.conversation import Account, Close, Conversation, Event, Fault, Identified, Reply, SignalsReceived
from protocols.errors import RemoteProtocolError
from protocols.http import HttpConversation, HttpFault, HttpRequest, wire
from protocols.mqtt.messages import Publication
from protocols.mqtt.reading import Reader
from protocols.openers import Open
from protocols.plausible import iso
from protocols.registry import PROTOCOLS, BrokerProtocol, HttpProtocol, StreamProtocol, protocol
from protocols.scaip.conversation import openers as scaip_openers
from protocols.scaip.typed import typed
from protocols.signal import AccountId, Position, Signal

MAX_LINE_BYTES: Final = 4 * 1024 * 1024
"""A session's capture in hex; the largest frame of any protocol is 128 kB."""

SHORT_WAIT: Final = timedelta(seconds=5)
"""A line is a whole connection: what a conversation would settle after so short a silence, it settles at its end."""

_HEX: Final = re.compile(rb"(?:[0-9A-Fa-f]{2}\s*)+")
_REQUEST_LINE: Final = re.compile(r"(GET|POST|PUT|HEAD) (\S+)(?: HTTP/[0-9.]+)?", re.IGNORECASE)


class EveryAccount:
    """Accounts for looking at frames: everybody is enrolled, nobody needs a secret, all have the same key and model."""

    def __init__(self, model: str | None = None, key: bytes | None = None) -> None:
        self._model, self._key = model, key

    def find(self, device: AccountId) -> Account | None:
        """Return an account for whoever asks."""
        return Account(device, secret=self._key, model=self._model)


class StreamDecoder:
    """Lines of a TCP protocol. With session, all lines are one connection; else each is its own."""

    def __init__(
        self, opening: Open, is_framed: bool, session: bool, typed: Callable[[bytes], bytes] | None = None
    ) -> None:
        """typed: makes of a line that a person wrote what would come off the wire."""
        self._open, self._is_framed, self._session, self._typed = opening, is_framed, session, typed
        self._conversation: Conversation | None = None

    def decode(self, line: bytes, now: datetime) -> dict[str, Any]:
        """Return what one line means, as the command prints it."""
        conversation = self._conversation if self._session else None
        if conversation is None:
            conversation = self._conversation = self._open(now)
        chunk = self._chunk(line)
        events = list(conversation.receive(chunk, now))
        due_at = conversation.next_deadline()
        if not self._session and due_at is not None and due_at - now <= SHORT_WAIT:
            events += conversation.deadline_passed(due_at)
        return _printed(events, conversation, _rest(conversation, events, chunk), now)

    def _chunk(self, line: bytes) -> bytes:
        if _HEX.fullmatch(line):
            line = bytes.fromhex(line.decode("ascii"))
            return line if self._typed is None else self._typed(line)
        if self._typed is not None:
            return self._typed(line)
        if self._is_framed and not line.startswith(b"\n"):
            return b"\n" + line + b"\r"  # the line ends of DC-09's frame cannot stand inside a line
        return line


class HttpDecoder:
    """Lines of an HTTP protocol, each one request."""

    def __init__(self, conversation: HttpConversation) -> None:
        self._conversation = conversation

    def decode(self, line: bytes, now: datetime) -> dict[str, Any]:
        """Return what one line means, as the command prints it."""
        request = request_of(line)
        if isinstance(request, str):
            return _result([], [], len(line), request)
        signals, replies, error = [], [], None
        for event in self._conversation.receive_request(request, now):
            match event:
                case SignalsReceived(found, _, token):
                    signals += [signal_json(signal) for signal in found]
                    replies += [wire(self._conversation.ack(token, now)).hex()] if token is not None else []
                case HttpFault(problem, _, response):
                    error = error or str(problem)
                    replies.append(wire(response).hex())
        return _result(signals, replies, 0, error)


class PublicationDecoder:
    """Lines of {"topic", "payload" or "payload_base64", "retained"}; the payload may stand there as JSON itself."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def decode(self, line: bytes, now: datetime) -> dict[str, Any]:
        """Return what one line means, as the command prints it."""
        publication = publication_of(line)
        try:
            return _result([signal_json(one) for one in self._reader.read(publication, now)], [], 0, None)
        except RemoteProtocolError as error:
            return _result([], [], 0, str(error))


def publication_of(line: bytes) -> Publication:
    """Read a publication from a line; a line that is none is taken for a payload without a topic."""
    raw = bytes.fromhex(line.decode("ascii")) if _HEX.fullmatch(line) else line
    try:
        said = json.loads(raw)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict) or "topic" not in said:
        return Publication(topic="", payload=raw)
    payload = said.get("payload")
    if isinstance(encoded := said.get("payload_base64"), str):
        octets = base64.b64decode(re.sub(r"[^A-Za-z0-9+/]", "", encoded)[: len(encoded) // 4 * 4] + "==")
    elif isinstance(payload, str):
        octets = payload.encode("utf-8", "replace")
    else:
        octets = json.dumps(payload).encode("utf-8", "replace")
    return Publication(topic=str(said["topic"]), payload=octets, retained=said.get("retained") is True)


def request_of(line: bytes) -> HttpRequest | str:
    """Read a request from a line; return words where there is none."""
    text = line.decode("utf-8", "replace").strip()
    if found := _REQUEST_LINE.fullmatch(text):
        return HttpRequest(found[1].upper(), found[2])
    if _HEX.fullmatch(line):
        text = bytes.fromhex(line.decode("ascii")).decode("utf-8", "replace")
    try:
        loaded = json.loads(text)
    except (ValueError, RecursionError):
        return "the line is no JSON object with method, uri, headers and body"
    if not isinstance(loaded, dict) or not ("method" in loaded or "uri" in loaded):
        return HttpRequest("POST", "/", (("Content-Type", "application/json"),), text.encode("utf-8", "replace"))
    headers = loaded.get("headers") or {}
    pairs = headers.items() if isinstance(headers, dict) else headers if isinstance(headers, list) else ()
    body = loaded.get("body")
    if body is not None and not isinstance(body, str):
        body = json.dumps(body)
    return HttpRequest(
        method=str(loaded.get("method") or "POST").upper(),
        uri=str(loaded.get("uri") or "/"),
        headers=tuple(
            (str(pair[0]), str(pair[1])) for pair in pairs if isinstance(pair, list | tuple) and len(pair) == 2
        ),
        body=(body or "").encode("utf-8", "replace"),
    )


def signal_json(signal: Signal) -> dict[str, Any]:
    """Return a signal as the command prints it: what the device did not say is absent; device is always there."""
    told: dict[str, Any] = {
        "event_at": None if signal.event_at is None else iso(signal.event_at),
        "sent_at": None if signal.sent_at is None else iso(signal.sent_at),
        "buffered": signal.buffered,
        "position": None if signal.position is None else _position_json(signal.position),
        "battery_pct": signal.battery_pct,
        "charging": signal.charging,
        "silent": signal.silent,
        "code": signal.code,
        "text": signal.text,
    }
    return {"kind": signal.kind.value, "device": signal.device, **_said(told)}


def _position_json(position: Position) -> dict[str, Any]:
    fix_at = None if position.fix_at is None else iso(position.fix_at)
    optional = _said({"accuracy_m": position.accuracy_m, "fix_at": fix_at})
    return {"lat": position.lat, "lon": position.lon, **optional, "valid": position.valid}


def _said(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def _printed(events: list[Event], conversation: Conversation, rest: int, now: datetime) -> dict[str, Any]:
    signals: list[dict[str, Any]] = []
    replies: list[bytes] = []
    error = None
    for event in events:
        match event:
            case SignalsReceived(found, _, token):
                signals += [signal_json(signal) for signal in found]
                replies += [conversation.ack(token, now)] if token is not None else []
            case Reply(data):
                replies.append(data)
            case Fault(problem, _, reply):
                error = error or str(problem)
                replies.append(reply)
            case Close(why):
                error = error or why
            case Identified():
                pass
    return _result(signals, [reply.hex() for reply in replies if reply], rest, error)


def _result(signals: list[dict[str, Any]], replies: list[str], rest: int, error: str | None) -> dict[str, Any]:
    return {"signals": signals, "replies": replies, "rest": rest, "error": error}


def _rest(conversation: Conversation, events: list[Event], chunk: bytes) -> int:
    """Count the bytes that are left: what the conversation says is pending, else what no event accounts for."""
    pending = getattr(conversation, "pending_bytes", None)
    if isinstance(pending, int):
        return pending
    seen = sum(len(event.raw) for event in events if isinstance(event, SignalsReceived | Fault))
    return max(0, len(chunk) - seen)


def lines_of(stream: BinaryIO) -> Iterator[bytes | None]:
    """Return the lines of a stream without their ends; None for one that is too long to be looked at."""
    while line := stream.readline(MAX_LINE_BYTES):
        whole = line.endswith(b"\n") or len(line) < MAX_LINE_BYTES
        yield line.rstrip(b"\r\n") if whole else None
        while not whole and (more := stream.readline(MAX_LINE_BYTES)):
            whole = more.endswith(b"\n")


def key_bytes(text: str) -> bytes:
    """Read a key: hex digits of 16, 24 or 32 bytes, else the signs themselves."""
    if re.fullmatch(r"(?:[0-9A-Fa-f]{32}|[0-9A-Fa-f]{48}|[0-9A-Fa-f]{64})", text):
        return bytes.fromhex(text)
    return text.encode("utf-8")


def decoder(
    known: StreamProtocol | HttpProtocol | BrokerProtocol, accounts: EveryAccount, session: bool
) -> StreamDecoder | HttpDecoder | PublicationDecoder:
    """Return the decoder of one run of the command."""
    match known:
        case HttpProtocol():
            return HttpDecoder(known.build(accounts))
        case BrokerProtocol():
            return PublicationDecoder(known.build(accounts))
        case StreamProtocol(name="scaip"):
            return StreamDecoder(scaip_openers(accounts, os.urandom).connection, False, session, typed)
        case StreamProtocol():
            return StreamDecoder(known.listen(accounts, os.urandom).connection, known.name == "dc09", session)


@click.command()
@click.argument("protocol_name", metavar="PROTOCOL", type=click.Choice(sorted(PROTOCOLS)))
@click.option("--model", help="The device's model, where the meaning of its codes depends on it.")
@click.option("--key", help="The key of an encrypting device: hex digits or the signs themselves.")
@click.option("--session", is_flag=True, help="All lines are one connection.")
def decode(protocol_name: str, model: str | None, key: str | None, session: bool) -> None:
    """Decode frames from standard input, one a line; print one JSON object a line."""
    accounts = EveryAccount(model, None if key is None else key_bytes(key))
    reading = decoder(protocol(protocol_name), accounts, session)
    clock = SystemClock()
    for line in lines_of(sys.stdin.buffer):
        if line is None:
            result = _result([], [], MAX_LINE_BYTES, f"a line of more than {MAX_LINE_BYTES} bytes")
        elif not line.strip():
            result = _result([], [], 0, None)
        else:
            result = reading.decode(line, clock.now())
        sys.stdout.buffer.write(json.dumps(result, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    decode()
