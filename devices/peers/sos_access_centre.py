"""How the local SOS Access centre judges: password, service level, repeats.

As the protocol's notes say (facts/alarm-protocols.md part 1); what they leave open is ours and named here. Nothing of
it has been compared with a centre's real receiver.
"""

from __future__ import annotations

import hmac
import secrets
import string
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from protocols.sos_access.codes import LEVELS, Status
from protocols.sos_access.fields import PASSWORD_SIGNS
from protocols.sos_access.messages import AlarmRequest, NewAuthenticationRequest, PingRequest, Request

DUPLICATE_WINDOW: Final = timedelta(minutes=10)
"""Ours: the notes do not say how long a repeat is one."""
PINGS_IN_LEVEL: Final = 6
"""More at one receiver in the level's time than the notes advise are answered with 101; the real limit is not known."""
SIGNS: Final = string.ascii_letters + string.digits


def new_password() -> str:
    """Draw a password of 15 signs."""
    return "".join(secrets.choice(SIGNS) for _ in range(PASSWORD_SIGNS))


@dataclass(slots=True)
class Account:
    """A transmitter that the centre knows. level: of the heartbeat, None where none was ordered.

    coming: a new password that was handed out and not used yet.
    """

    transmitter_code: str = "4711"
    transmitter_type: str = "SV300"
    password: str = field(default_factory=new_password, repr=False)
    receiver: str = "LARM"
    level: int | None = 4
    coming: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A status and its words; new_password only upon a request for one."""

    status: int
    info: str = ""
    new_password: str | None = field(default=None, repr=False)


class Centre:
    """What the centre remembers: one account, the alarms that it took lately, the heartbeats in the level's time.

    Its primary and its secondary receiver may share one.
    """

    def __init__(self, account: Account, duplicate_window: timedelta = DUPLICATE_WINDOW) -> None:
        self.account = account
        self._window_s = duplicate_window.total_seconds()
        self._alarms: dict[tuple[object, ...], float] = {}
        self._pings: dict[int, list[float]] = {}

    def judge(self, request: Request, now: float, receiver: int = 0) -> Judgement:
        """Say what becomes of a request. now: monotonic seconds. receiver: which of the centre's heard it."""
        if not self._known(request):
            return Judgement(Status.NOT_AUTHORIZED.value, "unknown transmitter or password")
        match request:
            case AlarmRequest():
                return self._alarm(request, now)
            case PingRequest():
                return self._ping(now, receiver)
            case NewAuthenticationRequest():
                self.account.coming = new_password()
                return Judgement(Status.OK.value, "a new password", self.account.coming)

    def _known(self, request: Request) -> bool:
        account = self.account
        if (request.transmitter_code, request.transmitter_type) != (account.transmitter_code, account.transmitter_type):
            return False
        if isinstance(request, AlarmRequest) and request.receiver != account.receiver:
            return False
        given = request.authentication.encode()
        if account.coming is not None and hmac.compare_digest(given, account.coming.encode()):
            account.password, account.coming = account.coming, None  # the old one goes with the first use of the new
        return hmac.compare_digest(given, account.password.encode())

    def _alarm(self, alarm: AlarmRequest, now: float) -> Judgement:
        while self._alarms and now - next(iter(self._alarms.values())) >= self._window_s:
            del self._alarms[next(iter(self._alarms))]  # the oldest stands first
        key = (alarm.transmitter_area, alarm.section, alarm.detector, alarm.alarm_type, alarm.event_code)
        named = (*key, alarm.reference)
        if alarm.reference is not None and named in self._alarms:
            return Judgement(Status.DUPLICATED_ALARM.value, "this alarm is here already")
        self._alarms[named] = now
        return Judgement(Status.OK.value, "taken")

    def _ping(self, now: float, receiver: int) -> Judgement:
        level = self.account.level
        if level is None:
            return Judgement(Status.SERVICE_UNAVAILABLE.value, "no heartbeat is ordered")
        longest_s = LEVELS[level].total_seconds()
        heard = self._pings[receiver] = [at for at in self._pings.get(receiver, []) if now - at < longest_s]
        if len(heard) >= PINGS_IN_LEVEL:
            return Judgement(Status.PING_TOO_OFTEN.value, "too many heartbeats")
        heard.append(now)
        return Judgement(Status.OK.value, "heard")
