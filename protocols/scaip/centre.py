"""What one request of a unit means to the centre, and the answer that it would get once it is on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from protocols.conversation import Account, Accounts
from protocols.dc09.recent import Recent
from protocols.errors import ContentError
from protocols.openers import Draw
from protocols.plausible import digest, iso
from protocols.scaip import meaning, speaking
from protocols.scaip.cases import GAP, Case, Cases, Round, Rounds, Way
from protocols.scaip.codec import Unreadable, complaint, echoed
from protocols.scaip.codes import padded
from protocols.scaip.door import Door
from protocols.scaip.messages import MessageType, Mrq, Mrs, Snu
from protocols.scaip.sip_desk import Asked
from protocols.signal import AccountId, Signal
from protocols.sip.digest import Nonces
from protocols.sip.grammar import parse_named, parse_uri
from protocols.sip.messages import Peer, Request, one
from protocols.sip.registrar import Registrar
from protocols.sip.transactions import ServerTransactions

_NO_OPTIONS: Final[Mapping[str, str]] = {}


class Centre:
    """What all conversations of one receiver share: who is believed, who is where, and which events run."""

    def __init__(self, accounts: Accounts, draw: Draw) -> None:
        self.door = Door(accounts, Nonces(draw))
        self.registrar, self.cases, self.rounds, self.asked = Registrar(), Cases(), Rounds(), Recent()
        self.served, self.draw = ServerTransactions(reliable=False), draw


@dataclass(frozen=True, slots=True)
class Owed:
    """One answer that waits for the commit. words: what the unit said, equal for each repeat. case: None where the
    request names no event that could be held."""

    asked: Asked
    way: Way
    mrs: Mrs
    device: AccountId | None
    words: str
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
    *,
    proven: bool,
) -> tuple[tuple[Signal, ...], Owed]:
    """The signals of a request, and the answer that it would get. proven: the unit has proved who it is; the words of
    others keep no event going."""
    options = _NO_OPTIONS if account is None else account.options
    bindings = centre.registrar.contacts(user_of(asked.request), now)
    way = speaking.way_to(asked.request, bindings, peer)
    inside = options.get("answer") == "inside"
    holds = options.get("hold") == "until-taken"
    ref = echoed(mrq.ref)
    words = meaning.words_of(mrq, device, asked.request.body)
    key, window = _identity(words, None, holds=False)
    if proven and not (isinstance(mrq, Mrq) and mrq.kind is MessageType.PING):
        key, window = _identity(words, centre.rounds.heard(words, now), holds=holds)
    if isinstance(mrq, Unreadable):
        broken = mrq.snu is Snu.FORMAT
        signals = meaning.unreadable(device, ref or None, asked.request.body, str(mrq), broken=broken, key=key)
        return signals, Owed(asked, way, Mrs(ref=ref, snu=mrq.snu), device, words, None, inside)
    before = centre.cases.find(device, ref, now) if ref else None
    known = before is not None and before.device_type == padded(mrq.dty)
    if before is not None and mrq.kind is MessageType.RESET:
        known = known and now - before.heard_at <= GAP  # who gives up has asked until now
    signals = meaning.signals_of(mrq, device, options, now, known=known, key=key, window=window)
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
    case = Case(ref=ref, device_type=padded(mrq.dty), event=signals[0].repeat_key, way=way, heard_at=now, held=held)
    return signals, Owed(asked, way, mrs, device, words, case if files else None, inside)


def _identity(words: str, this: Round | None, *, holds: bool) -> tuple[str, timedelta | None]:
    """Return repeat_key and repeat_window of what a unit says in this round; None for who has not proved himself.

    The store knows a first round by its words, even after a restart. Where we hold, a unit goes on for so long that the
    words alone would hide another press; after a restart somebody has to take it again in any case.
    """
    if this is None or (this.is_first and not holds):
        return words, meaning.REPEAT_WINDOW
    return digest(words, iso(this.begun_at)), None if holds else meaning.REPEAT_WINDOW


def user_of(request: Request) -> str:
    """Return the user part of From: the name that the unit registers under. Empty where there is none."""
    try:
        return parse_uri(parse_named(one(request, "from") or "").uri).user
    except ContentError:
        return ""
