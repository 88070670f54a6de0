"""Where units that have registered can be reached. In memory: after a restart they register again, or just speak."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from protocols.errors import ContentError, RemoteProtocolError
from protocols.sip.answering import Refusal
from protocols.sip.grammar import Named, parse_named, parse_uri, values
from protocols.sip.messages import Request, every, one

DEFAULT_EXPIRES_S: Final = 3_600
MOST_EXPIRES_S: Final = 3_600
"""Longer promises are cut, so that a unit that is gone is known to be gone."""
LEAST_EXPIRES_S: Final = 20
MAX_CONTACTS: Final = 8
"""Of one name: a unit has one or two ways."""
MAX_SAID: Final = 32
"""Contacts in one REGISTER."""
MAX_CONTACT_SIGNS: Final = 256
MAX_NAMES: Final = 25_000
"""Some 10 MB, 200 if each says as much as it may. Beyond it the name that was not heard for longest is forgotten, and
found by its next message."""

_SECONDS: Final = re.compile(r"[0-9]{1,10}")


@dataclass(frozen=True, slots=True)
class Binding:
    """One address at which a name can be reached until expires_at."""

    contact: str
    expires_at: datetime
    call_id: str
    sequence: int


class Registrar:
    """name (the user part of the address of record) -> its bindings, newest first."""

    def __init__(self) -> None:
        self._bindings: OrderedDict[str, tuple[Binding, ...]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._bindings)

    def register(self, name: str, request: Request, now: datetime) -> Sequence[Binding]:
        """Do what a REGISTER says; return what is bound then. Raises Refusal, and nothing has changed."""
        named = values(every(request, "contact"))
        call_id, sequence = one(request, "call-id") or "", int((one(request, "cseq") or "0").split()[0])
        bound = {each.contact: each for each in self.contacts(name, now)}
        if "*" in named:
            if len(named) > 1 or self._seconds(one(request, "expires")) != 0:
                raise Refusal(400, "Contact * takes everything back and stands alone, with Expires 0")
            bound.clear()
        elif len(named) > MAX_SAID:
            raise Refusal(400, "more contacts than a unit has")
        else:
            for contact in [_contact(text) for text in named]:
                expires_s = self._expires_s(request, contact)
                before = bound.get(contact.uri)
                if before is not None and before.call_id == call_id and before.sequence > sequence:
                    raise Refusal(500, "an older registration came after a newer one")
                bound.pop(contact.uri, None)
                if expires_s:
                    ends_at = now + timedelta(seconds=expires_s)
                    bound = {contact.uri: Binding(contact.uri, ends_at, call_id, sequence), **bound}
        kept = tuple(bound.values())[:MAX_CONTACTS]
        self._bindings.pop(name, None)
        if kept:
            self._bindings[name] = kept
            if len(self._bindings) > MAX_NAMES:
                self._bindings.popitem(last=False)
        return kept

    def contacts(self, name: str, now: datetime) -> tuple[Binding, ...]:
        """Return where a name can be reached now, newest first."""
        return tuple(each for each in self._bindings.get(name, ()) if each.expires_at > now)

    def heard(self, name: str) -> None:
        """The name has spoken: it is among the last to be forgotten."""
        if name in self._bindings:
            self._bindings.move_to_end(name)

    def _expires_s(self, request: Request, contact: Named) -> int:
        asked = self._seconds(contact.params.get("expires"))
        if asked is None:
            asked = self._seconds(one(request, "expires"))
        expires_s = DEFAULT_EXPIRES_S if asked is None else asked
        if 0 < expires_s < LEAST_EXPIRES_S:
            raise Refusal(423, "so short a registration", [("min-expires", str(LEAST_EXPIRES_S))])
        return min(expires_s, MOST_EXPIRES_S)

    @staticmethod
    def _seconds(text: str | None) -> int | None:
        return int(text) if text is not None and _SECONDS.fullmatch(text.strip()) else None


def listed(bindings: Sequence[Binding], now: datetime) -> list[tuple[str, str]]:
    """Write the bindings for the answer to a REGISTER."""
    return [
        ("contact", f"<{each.contact}>;expires={round((each.expires_at - now).total_seconds())}") for each in bindings
    ]


def _contact(text: str) -> Named:
    try:
        contact = parse_named(text)
        parse_uri(contact.uri)
        if len(contact.uri) > MAX_CONTACT_SIGNS:
            raise ContentError("longer than any real one")
    except RemoteProtocolError as error:
        raise Refusal(400, f"Contact: {error}") from None
    return contact
