"""What one request of a unit means to the centre, and the answer that it would get once it is on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from protocols.conversation import Account, Accounts
from protocols.dc09.recent import Recent
from protocols.errors import ContentError
from protocols.openers import Draw
from protocols.scaip import meaning, speaking
from protocols.scaip.cases import Case, Cases, Way
from protocols.scaip.codec import Unreadable, complaint, echoed
from protocols.scaip.codes import code, padded
from protocols.scaip.door import Door
from protocols.scaip.messages import MessageType, Mrq, Mrs, Snu
from protocols.scaip.sip_desk import Asked
from protocols.signal import AccountId, Signal
from protocols.sip.digest import Nonces
from protocols.sip.grammar import parse_named, parse_uri
from protocols.sip.messages import Peer, Request, one
from protocols.sip.registrar import Registrar

_NO_OPTIONS: Final[Mapping[str, str]] = {}


class Centre:
    """What all conversations of one receiver share: who is believed, who is where, and which events run."""

    def __init__(self, accounts: Accounts, draw: Draw) -> None:
        self.door = Door(accounts, Nonces(draw))
        self.registrar, self.cases, self.asked, self.draw = Registrar(), Cases(), Recent(), draw


@dataclass(frozen=True, slots=True)
class Owed:
    """One answer that waits for the commit. case: None where the request names no event that could be held."""

    asked: Asked
    way: Way
    mrs: Mrs
    device: AccountId | None
    case: Case | None
    inside: bool


def understood(
    centre: Centre,
    mrq: Mrq | Unreadable,
    device: AccountId | None,
    account: Account | None,
    asked: Asked,
    peer: Peer | None,
    now: datetime,
) -> tuple[tuple[Signal, ...], Owed]:
    """The signals of a request, and the answer that it would get."""
    options = _NO_OPTIONS if account is None else account.options
    bindings = centre.registrar.contacts(user_of(asked.request), now)
    way = speaking.way_to(asked.request, bindings, peer)
    inside = options.get("answer") == "inside"
    ref = echoed(mrq.ref)
    if isinstance(mrq, Unreadable):
        broken = mrq.snu is Snu.FORMAT
        signals = meaning.unreadable(device, ref or None, asked.request.body, str(mrq), broken=broken)
        return signals, Owed(asked, way, Mrs(ref=ref, snu=mrq.snu), device, None, inside)
    case = Case(
        ref=ref,
        device_type=padded(mrq.dty),
        content=" ".join((code(mrq.dty, mrq.stc), mrq.did or "", mrq.dco or "")),
        way=way,
        heard_at=now,
    )
    before = centre.cases.find(device, ref, now) if ref else None
    known = before is not None and before.device_type == case.device_type
    holds = options.get("hold") == "until-taken"
    window = meaning.HOLD_WINDOW if holds else meaning.REPEAT_WINDOW
    signals = meaning.signals_of(mrq, device, options, now, known=known, window=window)
    alarm = mrq.kind is not MessageType.PING and any(signal.is_alarm for signal in signals)
    snu = complaint(mrq)
    # A silent alarm is never held: nothing may come later that a bystander could notice.
    held = holds and alarm and snu is Snu.OK and mrq.kind is MessageType.ALARM and not signals[0].silent
    runs_on = mrq.kind is MessageType.MORE and known  # says nothing of how far the event is
    if runs_on and before is not None:
        held = before.held
    mrs = Mrs(
        ref=ref,
        snu=Snu.HOLD if held else snu,
        mre=0 if alarm else None,
        hbi=speaking.heartbeat_min(mrq, account),
    )
    files = bool(ref) and mrq.kind is not MessageType.PING and not runs_on
    return signals, Owed(asked, way, mrs, device, replace(case, held=held) if files else None, inside)


def user_of(request: Request) -> str:
    """Return the user part of From: the name that the unit registers under. Empty where there is none."""
    try:
        return parse_uri(parse_named(one(request, "from") or "").uri).user
    except ContentError:
        return ""
