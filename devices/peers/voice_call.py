"""A call as a telephone provider carries it out: it asks its customer what to say, listens, presses, and tells the end.

Sources: 46elks, "Call actions", "Play", "IVR"; Twilio, "TwiML for Programmable Voice", "Security", "Call resource".
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self
from urllib.parse import urlsplit
from xml.etree import ElementTree

import aiohttp

from devices.peers.tone_voice import words_in

MOST_ACTIONS: Final = 30
DEADLINE_S: Final = 10.0
OWN_VOICE: Final = "en_US/"


@dataclass(frozen=True, slots=True)
class Callee:
    """Who is rung. keys: pressed one by one, each when it is asked for; then none. never: "busy", "no-answer"."""

    keys: str = "1"
    never: str = ""

    @classmethod
    def ordered(cls, word: str, usual: Self) -> Self:
        """Read an order's reason: "busy", "no-answer", or "press:" and the keys; anything else is the usual one."""
        if word.startswith("press:"):
            return cls(keys=word.removeprefix("press:"))
        return cls(never=word) if word in {"busy", "no-answer"} else usual


@dataclass(slots=True)
class Call:
    """One call and what was heard in it."""

    id: str
    number: str
    callee: Callee
    heard: list[str] = field(default_factory=list)
    pressed: str = ""
    state: str = "ongoing"

    def key(self) -> str | None:
        """Take the next key, None where the callee presses no more."""
        if len(self.pressed) >= len(self.callee.keys):
            return None
        self.pressed += self.callee.keys[len(self.pressed)]
        return self.pressed[-1]

    def as_json(self) -> bytes:
        """For the record."""
        told = {"call": self.id, "heard": self.heard, "pressed": self.pressed, "state": self.state}
        return json.dumps(told, ensure_ascii=False).encode()


class ElksCall:
    """Carries out a call ordered by POST /a1/calls."""

    def __init__(self, call: Call, form: Mapping[str, str], session: aiohttp.ClientSession) -> None:
        self._call, self._form, self._session = call, form, session

    async def run(self) -> None:
        """Ring, do what voice_start says, tell whenhangup. Raises aiohttp's errors where the customer fails us."""
        call = self._call
        if call.callee.never:
            call.state = "busy" if call.callee.never == "busy" else "failed"
        else:
            action: Mapping[str, Any] = await self._ask(self._form["voice_start"], {})
            for _ in range(MOST_ACTIONS):
                following = await self._do(action)
                if following is None:
                    break
                action = following
            call.state = "success"
        if "whenhangup" in self._form:
            await self._ask(self._form["whenhangup"], {"id": call.id, "state": call.state, "duration": "7"})

    async def _do(self, action: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Do one action; return the next one."""
        if "play" in action:
            await self._hear(str(action["play"]))
            return await self._next(action, {"result": "success"})
        if "ivr" in action:
            for _ in range(int(action.get("repeat", 3)) + 1):
                await self._hear(str(action["ivr"]))
                if (key := self._call.key()) is not None:
                    return await self._next(action, {"result": key})
            return await self._next(action, {"result": "failed", "why": "noinput"})
        return None

    async def _next(self, action: Mapping[str, Any], result: Mapping[str, str]) -> Mapping[str, Any] | None:
        following = action.get("next")
        if isinstance(following, dict):
            return following
        return None if following is None else await self._ask(str(following), result)

    async def _hear(self, resource: str) -> None:
        if resource.startswith(OWN_VOICE):
            self._call.heard.append(resource.removeprefix(OWN_VOICE))
        elif "://" in resource:
            only_here(resource)
            async with self._session.get(resource, allow_redirects=False) as response:
                sound = await response.read()
                words = words_in(sound) if response.status == 200 else None
                self._call.heard.append(words or f"({response.status}, {len(sound)} bytes of sound)")

    async def _ask(self, url: str, told: Mapping[str, str]) -> dict[str, Any]:
        only_here(url)
        form = {"callid": self._call.id, "direction": "outgoing", "from": self._form["from"], "to": self._form["to"]}
        async with self._session.post(url, data=form | dict(told), allow_redirects=False) as response:
            body = await response.read()
            if response.status == 204 or not body:
                return {}
            read = json.loads(body) if response.status == 200 else {}
            return read if isinstance(read, dict) else {}


class TwilioCall:
    """Carries out a call ordered by POST .../Calls.json. token: signs what is told to the customer."""

    def __init__(self, call: Call, form: Mapping[str, str], session: aiohttp.ClientSession, token: str) -> None:
        self._call, self._form, self._session, self._token = call, form, session, token

    async def run(self) -> None:
        """Ring, read the document, tell StatusCallback. Raises aiohttp's errors where the customer fails us."""
        call = self._call
        if call.callee.never:
            call.state = call.callee.never
        else:
            await self._status("in-progress")
            document: str | None = self._form["Twiml"]
            for _ in range(MOST_ACTIONS):
                if document is None:
                    break
                document = await self._read(document)
            call.state = "completed"
        await self._status(call.state)

    async def _read(self, document: str) -> str | None:
        """Do what a document says; return the next one."""
        for verb in ElementTree.fromstring(document):
            if verb.tag == "Say":
                self._call.heard.append(verb.text or "")
            elif verb.tag == "Hangup":
                return None
            elif verb.tag == "Gather":
                for said in verb.findall("Say"):
                    self._call.heard.append(said.text or "")
                    if (key := self._call.key()) is not None:
                        return await self._tell(verb.attrib["action"], {"Digits": key, "CallStatus": "in-progress"})
        return None

    async def _status(self, status: str) -> None:
        if "StatusCallback" in self._form:
            await self._tell(self._form["StatusCallback"], {"CallStatus": status})

    async def _tell(self, url: str, told: Mapping[str, str]) -> str | None:
        only_here(url)
        form = {"CallSid": self._call.id, "To": self._form["To"], "From": self._form["From"], **told}
        whole = url + "".join(name + form[name] for name in sorted(form))
        mac = hmac.new(self._token.encode(), whole.encode(), hashlib.sha1).digest()
        headers = {"X-Twilio-Signature": base64.b64encode(mac).decode()}
        async with self._session.post(url, data=form, headers=headers, allow_redirects=False) as response:
            text = await response.text()
            if response.status not in (200, 204):
                self._call.heard.append("an application error has occurred")
            return text if response.status == 200 and text else None


def only_here(url: str) -> None:
    """Raise ValueError for a customer on another machine: a local gateway calls nobody else."""
    host = urlsplit(url).hostname or ""
    try:
        here = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        here = False
    if not here:
        raise ValueError("a local gateway calls back to this machine only")
