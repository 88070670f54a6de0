"""Whom a SCAIP receiver believes: a unit that proves its password, or one that was enrolled without any.

A unit without a password is one that an administrator put on a closed network; everybody else is asked to prove it.
What is asked does not tell which names exist. A group of units may share one SIP user: option "sip_user" of each names
it, and the password is the unit's own, or that of an account of the SIP user's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from protocols.conversation import Account, Accounts
from protocols.plausible import storable
from protocols.signal import AccountId
from protocols.sip.digest import Nonces, Proof, credentials, judge
from protocols.sip.messages import Request

SIP_USER: Final = "sip_user"
MAX_NAME: Final = 64


class Door:
    """Looks at credentials. accounts: Account.secret is the password as bytes in UTF-8, None where none is asked."""

    def __init__(self, accounts: Accounts, nonces: Nonces) -> None:
        self._accounts, self.nonces = accounts, nonces

    def account(self, *names: str | None) -> Account | None:
        """Return the first account that one of these names belongs to; some units write their number with a +."""
        for said in names:
            name = storable(said or "", MAX_NAME)
            for spelled in (name, name.removeprefix("+")):
                if spelled and (account := self._accounts.find(AccountId(spelled))) is not None:
                    return account
        return None

    def judge(self, request: Request, account: Account | None, now: datetime) -> Proof:
        """Say whether the request may speak for the account; None is a unit that nobody enrolled."""
        if account is not None and self._needs_none(account):
            return Proof.GIVEN
        shown = credentials(request)
        if shown is None:
            return Proof.NONE
        password = self._password(shown, account)
        return Proof.WRONG if password is None else judge(request, shown, password, self.nonces, now)

    def _needs_none(self, account: Account) -> bool:
        return account.secret is None and SIP_USER not in account.options

    def _password(self, shown: Mapping[str, str], account: Account | None) -> bytes | None:
        user = shown["username"]
        names = (user, user.partition("@")[0])
        if account is None:
            group = self.account(*names)
            return None if group is None else group.secret
        wanted = account.options.get(SIP_USER, account.device)
        if wanted not in names and wanted not in (f"+{name}" for name in names):
            return None
        if account.secret is not None:
            return account.secret
        group = self.account(wanted)
        return None if group is None else group.secret
