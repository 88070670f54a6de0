"""One request of a phone, whatever it speaks: who may say what, and how it is answered.

A phone whose id is enrolled and whose secret is right always gets 2xx once its signals are stored, because both clients
stop their queue for good at anything else. From anybody else only an alarm is taken, marked as not authentic: a false
alarm costs a look, a lost one costs a life.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from protocols.conversation import Accounts, Nak, SignalsReceived, Token
from protocols.errors import ContentError, FrameTooLong, LocalProtocolError, NotAuthentic
from protocols.http import (
    MAX_BODY_BYTES,
    MAX_URI_BYTES,
    HttpEvent,
    HttpFault,
    HttpRequest,
    HttpResponse,
    Proof,
    for_the_record,
    prove,
    secrets_of,
)
from protocols.plausible import number
from protocols.signal import AccountId, Signal

RETRY_AFTER_S: Final = 5
"""The store is away: long enough for a fail-over to begin, short enough for an alarm."""

MAX_RECORDS: Final = 1000
"""Records in one request's list: a day's positions at one in 90 s."""

MAX_DEVICE_CHARS: Final = 128
"""An IMEI has 15, a user/device topic rarely over 60."""

NAMELESS: Final = AccountId("")
"""No device is enrolled under it; tools that take everybody find it as well."""

UNKNOWN_IN_QUERY: Final = 400
UNKNOWN_IN_JSON: Final = 404
WRONG_SECRET: Final = 401


@dataclass(frozen=True, slots=True)
class Said:
    """What one device says in a request. device: None if it gives no name."""

    device: AccountId | None
    signals: tuple[Signal, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A request as its protocol reads it. answer: what an ack looks like. secrets: values of secret= fields."""

    said: tuple[Said, ...]
    answer: HttpResponse
    unknown_status: int
    secrets: tuple[str, ...] = ()


Read = Callable[[HttpRequest, datetime], Reading]
"""A protocol's own part. Raises ContentError for a request that names no device and calls for no help."""


class PhoneConversation:
    """The receiver's end of a phone's requests. Keeps the HttpConversation contract."""

    def __init__(self, accounts: Accounts, read: Read) -> None:
        self._accounts = accounts
        self._read = read
        self._owed: dict[Token, Reading] = {}
        self._next_token = 0

    def receive_request(self, request: HttpRequest, now: datetime) -> Sequence[HttpEvent]:
        """Take one request; return one HttpFault, or SignalsReceived of which the last carries the token."""
        raw = for_the_record(request)
        for size, limit_bytes, status in (
            (len(request.uri), MAX_URI_BYTES, 414),
            (len(request.body), MAX_BODY_BYTES, 413),
        ):
            if size > limit_bytes:
                return (HttpFault(FrameTooLong(limit_bytes=limit_bytes), raw[:limit_bytes], HttpResponse(status)),)
        try:
            reading = self._read(request, now)
        except ContentError as error:
            return (HttpFault(error, raw, HttpResponse(400)),)
        secrets = secrets_of(request, reading.secrets)
        proven: list[Signal] = []
        claimed: list[Signal] = []
        refused: tuple[Proof, AccountId | None] | None = None
        for said in reading.said:
            proof = prove(self._accounts.find(said.device or NAMELESS), secrets)
            if proof is Proof.PROVEN:
                proven += said.signals
            else:
                # Under a name of its own, or a stranger could make the true alarm look like a repeat of his.
                claimed += (
                    replace(signal, repeat_key=f"claimed:{signal.repeat_key}")
                    for signal in said.signals
                    if signal.is_alarm
                )
                refused = refused or (proof, said.device)
        if not proven and not claimed:
            return (_refuse(refused, reading, raw),)
        token = self._owe(reading)
        events = [SignalsReceived(tuple(claimed), raw, None, authentic=False)] if claimed else []
        if proven:
            events.append(SignalsReceived(tuple(proven), raw))
        last = events.pop()
        return (*events, SignalsReceived(last.signals, raw, token, authentic=last.authentic))

    def ack(self, token: Token, now: datetime) -> HttpResponse:
        """Return the response that promises the signals are kept. LocalProtocolError for a token not owed."""
        return self._settle(token).answer

    def nak(self, token: Token, why: Nak, now: datetime) -> HttpResponse:
        """Return the response that makes the phone try again, or says that we do not know it."""
        reading = self._settle(token)
        match why:
            case Nak.UNKNOWN_DEVICE:
                return HttpResponse(reading.unknown_status)
            case Nak.NOT_STORED:
                return HttpResponse(503, (("Retry-After", str(RETRY_AFTER_S)),))

    def answer_with(self, token: Token, answer: HttpResponse) -> None:
        """Let the ack carry this instead, such as commands for the app. LocalProtocolError for a token not owed."""
        self._owed[token] = replace(self._settle(token), answer=answer)

    def _owe(self, reading: Reading) -> Token:
        self._next_token += 1
        token = Token(self._next_token)
        self._owed[token] = reading
        return token

    def _settle(self, token: Token) -> Reading:
        try:
            return self._owed.pop(token)
        except KeyError:
            raise LocalProtocolError(f"no answer is owed for token {token}") from None


def _refuse(refused: tuple[Proof, AccountId | None] | None, reading: Reading, raw: bytes) -> HttpFault:
    proof, device = refused or (Proof.UNKNOWN_DEVICE, None)
    if proof is Proof.WRONG_SECRET:
        return HttpFault(NotAuthentic("wrong secret", account=device), raw, HttpResponse(WRONG_SECRET))
    return HttpFault(NotAuthentic("unknown device", account=device), raw, HttpResponse(reading.unknown_status))


def load_json(body: bytes) -> object:
    """Read a JSON body. Raises ContentError for anything else, nesting without end included."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise ContentError("the body is not JSON") from None


def members(value: object) -> dict[str, Any]:
    """Return a JSON object's members; empty for anything that is no object."""
    return value if isinstance(value, dict) else {}


def json_number(value: object) -> float | None:
    """Return a finite number of sane size from a JSON number or a string that holds one; None for anything else."""
    match value:
        case bool():
            return None
        case int() | float():
            return float(value) if -1e15 < value < 1e15 else None
        case str():
            return number(value)
        case _:
            return None


def json_text(value: object, limit_chars: int) -> str:
    """Write any JSON value as text for the record. Nested values are written as JSON, to a bounded depth."""
    match value:
        case str():
            return value[:limit_chars]
        case bool() | None:
            return json.dumps(value)
        case int() | float():
            return str(value)[:limit_chars]
        case _:
            try:
                return json.dumps(value)[:limit_chars]
            except RecursionError:
                return "nested too deep"
