"""The other role: a local unit that registers, tells its requests, proves its password and waits for the mrs."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, assert_never

from protocols.errors import RemoteProtocolError
from protocols.openers import Draw
from protocols.pieces import Whole
from protocols.scaip.codec import parse_mrs, serialise_mrq
from protocols.scaip.messages import Mrq, Mrs
from protocols.scaip.speaking import MEDIA_TYPE
from protocols.sip.answering import check, response
from protocols.sip.codec import parse, serialise
from protocols.sip.digest import answer
from protocols.sip.framing import SipFramer
from protocols.sip.grammar import digest_pairs
from protocols.sip.messages import Headers, Request, Response, every, one

MAX_ASKED: Final = 32
"""Requests that are remembered for the challenge that may still come."""


MAX_PROOFS: Final = 3
"""Of one request: the second for a challenge that had grown old, the third for patience."""


@dataclass(frozen=True, slots=True)
class Again:
    """The receiver wants proof: send these bytes."""

    data: bytes
    raw: bytes


@dataclass(frozen=True, slots=True)
class Registered:
    """The receiver knows where we are."""

    raw: bytes


@dataclass(frozen=True, slots=True)
class Answered:
    """The receiver's word on a request. reply: the 200 that its MESSAGE wants; empty where it came inside a 200."""

    mrs: Mrs
    raw: bytes
    reply: bytes


@dataclass(frozen=True, slots=True)
class Carried:
    """The receiver's SIP has the request of this reference; what it says of it is still to come."""

    ref: str | None
    raw: bytes


@dataclass(frozen=True, slots=True)
class Refused:
    """The receiver's SIP did not take it. ref: None for a registration."""

    status: int
    ref: str | None
    raw: bytes


HeardDown = Again | Registered | Answered | Carried | Refused


@dataclass(frozen=True, slots=True)
class _Asked:
    request: Request
    ref: str | None
    proofs: int = 0


class LocalUnit:
    """One unit. user: its SIP name, the account's where None. password: None where it has none. transport: UDP, TCP
    or TLS, as Via names it."""

    def __init__(
        self,
        account: str,
        *,
        draw: Draw,
        password: bytes | None = None,
        user: str | None = None,
        transport: str = "TCP",
        host: str = "127.0.0.1",
    ) -> None:
        self._account, self._user, self._password = account, user or account, password
        self._draw, self._transport, self._host = draw, transport, host
        self._framer = SipFramer()
        self._asked: OrderedDict[str, _Asked] = OrderedDict()
        self._challenge: Mapping[str, str] | None = None
        self._uses = 0
        self._sequence = 0

    def connected(self) -> None:
        """A new connection: half a message of the old one is nothing."""
        self._framer = SipFramer()

    def register(self, *, expires_s: int = 3_600) -> bytes:
        """Return a REGISTER. expires_s: 0 takes the registration back."""
        contact = (("contact", f"<sip:{self._user}@{self._host}>"), ("expires", str(expires_s)))
        to = f"<sip:{self._user}@{self._host}>"
        return self._ask("REGISTER", f"sip:{self._host}", to, contact, b"", None)

    def tell(self, mrq: Mrq) -> bytes:
        """Return a MESSAGE with the request. Raises LocalProtocolError for what the tables do not allow."""
        centre = f"sip:larmcentral@{self._host}"
        return self._ask("MESSAGE", centre, f"<{centre}>", (("content-type", MEDIA_TYPE),), serialise_mrq(mrq), mrq.ref)

    def receive(self, chunk: bytes, now: datetime) -> Sequence[HeardDown]:
        """Take the receiver's bytes; return what they complete. What cannot be read is passed over."""
        heard: list[HeardDown] = []
        for piece in self._framer.receive(chunk):
            if isinstance(piece, Whole):
                try:
                    self._hear(piece.raw, heard)
                except RemoteProtocolError:
                    continue
        return heard

    def _hear(self, raw: bytes, heard: list[HeardDown]) -> None:
        message = parse(raw)
        match message:
            case Request():
                check(message)
                mrs = parse_mrs(message.body)
                reply = response(message, 200, tag=self._draw(4).hex(), peer=None)
                heard.append(Answered(mrs, raw, serialise(reply)))
            case Response(status):
                asked = self._asked.get(one(message, "call-id") or "")
                if asked is None or status < 200:
                    return
                if status in (401, 407) and asked.proofs < MAX_PROOFS and self._learns(message):
                    self._asked[one(message, "call-id") or ""] = replace(asked, proofs=asked.proofs + 1)
                    heard.append(Again(self._proven(asked), raw))
                elif status >= 300:
                    heard.append(Refused(status, asked.ref, raw))
                elif asked.request.method == "REGISTER":
                    heard.append(Registered(raw))
                elif message.body:
                    heard.append(Answered(parse_mrs(message.body), raw, b""))
                else:
                    heard.append(Carried(asked.ref, raw))
            case _:
                assert_never(message)

    def _ask(self, method: str, uri: str, to: str, more: Headers, body: bytes, ref: str | None) -> bytes:
        call_id = self._draw(12).hex()
        self._sequence += 1
        headers: Headers = (
            ("via", self._via()),
            ("max-forwards", "70"),
            ("from", f"<sip:{self._user}@{self._host}>;tag={self._draw(6).hex()}"),
            ("to", to),
            ("call-id", call_id),
            ("cseq", f"{self._sequence} {method}"),
            *more,
        )
        asked = _Asked(Request(method, uri, headers, body), ref)
        self._asked[call_id] = asked
        if len(self._asked) > MAX_ASKED:
            self._asked.popitem(last=False)
        return serialise(asked.request) if self._challenge is None else self._proven(asked)

    def _learns(self, message: Response) -> bool:
        """Take the first challenge that we can meet; False if there is none."""
        if self._password is None:
            return False
        for line in (*every(message, "www-authenticate"), *every(message, "proxy-authenticate")):
            pairs = digest_pairs(line)
            if pairs is not None and pairs.get("algorithm", "MD5").upper() in ("MD5", "SHA-256"):
                self._challenge, self._uses = pairs, 0
                return True
        return False

    def _proven(self, asked: _Asked) -> bytes:
        """The request once more, as a new transaction, with our credentials."""
        assert self._challenge is not None, "asked for by whoever has one"
        assert self._password is not None, "a challenge is taken only by a unit that has a password"
        self._uses += 1
        self._sequence += 1
        request = asked.request
        shown = {
            "username": self._user,
            "realm": self._challenge.get("realm", ""),
            "nonce": self._challenge.get("nonce", ""),
            "uri": request.uri,
            "algorithm": self._challenge.get("algorithm", "MD5"),
            "qop": "auth",
            "nc": f"{self._uses:08x}",
            "cnonce": self._draw(8).hex(),
        }
        shown["response"] = answer(request.method, shown, self._password)
        bare = ("algorithm", "qop", "nc")
        pairs = ", ".join(f"{name}={value}" if name in bare else f'{name}="{value}"' for name, value in shown.items())
        fresh = {"via": self._via(), "cseq": f"{self._sequence} {request.method}"}
        headers = tuple((name, fresh.get(name, value)) for name, value in request.headers)
        return serialise(replace(request, headers=(*headers, ("authorization", f"Digest {pairs}"))))

    def _via(self) -> str:
        return f"SIP/2.0/{self._transport} {self._host};branch=z9hG4bK{self._draw(10).hex()};rport"
