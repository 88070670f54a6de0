"""Whether a request comes from the transmitter it names, and how each kind of request is answered.

Nothing in an answer tells which transmitters exist: an unknown name and a wrong password are refused in the same words.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final, assert_never
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from protocols.conversation import Account
from protocols.sos_access.codec import serialise
from protocols.sos_access.codes import Status, level_of
from protocols.sos_access.messages import (
    AlarmRequest,
    AlarmResponse,
    NewAuthenticationRequest,
    NewAuthenticationResponse,
    PingRequest,
    PingResponse,
    Request,
)
from protocols.sos_access.wall_time import wall_text

ZONE: Final = "Europe/Stockholm"
"""Where transmitters of this protocol hang; option "zone" of one that hangs elsewhere."""
TRANSMITTER_TYPE: Final = "transmitter_type"
"""Option: the five signs that the transmitter must give as its type."""

INFO: Final = {
    Status.OK: "OK",
    Status.INVALID_LENGTH: "INVALID_LENGTH",
    Status.INVALID_XML: "INVALID_XML",
    Status.WRONG_CONTENT: "WRONG_CONTENT",
    Status.NOT_AUTHORIZED: "NOT_AUTHORIZED",
    Status.NOT_TREATED_NOT_DISTRIBUTED: "NOT_TREATED_NOT_DISTRIBUTED",
    Status.MANDATORY_DATA_MISSING: "MANDATORY_DATA_MISSING",
    Status.SERVICE_UNAVAILABLE: "SERVICE_UNAVAIVABLE",  # spelt so in the protocol's own table, as the next but two
    Status.DUPLICATED_ALARM: "DUPLICATED_ALARM",
    Status.SERVER_ERROR: "SERVER_ERROR",
    Status.OTHER_ERROR: "OTHER_ERROR",
    Status.XML_HEADER: "XML_HEADER",
    Status.PING_TOO_OFTEN: "PING_TO_OFTEN",
}


class Proof(Enum):
    """Who a request comes from."""

    PROVEN = "proven"
    PROVEN_BY_NEXT = "proven_by_next"
    """By the password that was told to it and not used until now."""
    UNGUARDED = "unguarded"
    """The account has no password to compare with."""
    REFUSED = "refused"
    STRANGER = "stranger"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who asks. account: None for a stranger."""

    proof: Proof
    account: Account | None = None

    @property
    def believed(self) -> bool:
        """True if what it says is taken under its name."""
        match self.proof:
            case Proof.PROVEN | Proof.PROVEN_BY_NEXT | Proof.UNGUARDED:
                return True
            case Proof.REFUSED | Proof.STRANGER:
                return False
            case _:
                assert_never(self.proof)

    @property
    def level(self) -> timedelta | None:
        """The longest silence that was ordered for it; None where no heartbeat was."""
        return None if self.account is None else level_of(self.account.options)


def sender_of(request: Request, account: Account | None) -> Sender:
    """Judge who asks. Compares in the same time whatever is right or wrong about the password."""
    if account is None:
        return Sender(Proof.STRANGER)
    wanted_type = account.options.get(TRANSMITTER_TYPE)
    if wanted_type is not None and wanted_type != request.transmitter_type:
        return Sender(Proof.REFUSED, account)
    if account.secret is None:
        return Sender(Proof.UNGUARDED, account)
    offered = request.authentication.encode("latin-1", "replace")
    present = hmac.compare_digest(offered, account.secret)
    coming = hmac.compare_digest(offered, account.next_secret or b"")
    if coming and account.next_secret:
        return Sender(Proof.PROVEN_BY_NEXT, account)
    return Sender(Proof.PROVEN if present else Proof.REFUSED, account)


def answer(request: Request, status: Status, account: Account | None, now: datetime, fresh: str | None = None) -> bytes:
    """Write the answer to a request. fresh: the new password, where one is granted."""
    code, info, reference, at = status.value, INFO[status], request.reference, _arrival(account, now)
    match request:
        case AlarmRequest():
            return serialise(AlarmResponse(status=code, info=info, reference=reference, arrival_time=at))
        case PingRequest():
            return serialise(PingResponse(status=code, info=info, reference=reference, arrival_time=at))
        case NewAuthenticationRequest():
            return serialise(
                NewAuthenticationResponse(
                    status=code, info=info, reference=reference, arrival_time=at, new_authentication=fresh
                )
            )


def refusal(root: str, status: Status, now: datetime) -> bytes:
    """Write the answer to what is no request. root: how it began, as far as that can be told."""
    code, info, at = status.value, INFO[status], _arrival(None, now)
    match root:
        case "pingrequest":
            return serialise(PingResponse(status=code, info=info, arrival_time=at))
        case "requestnewauthentication":
            return serialise(NewAuthenticationResponse(status=code, info=info, arrival_time=at))
        case _:
            return serialise(AlarmResponse(status=code, info=info, arrival_time=at))


def _arrival(account: Account | None, now: datetime) -> str:
    try:
        zone = ZoneInfo((account.options.get("zone") if account else None) or ZONE)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zone = ZoneInfo(ZONE)
    return wall_text(now, zone)
