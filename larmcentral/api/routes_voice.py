"""What telephone providers ask while a call of ours goes on: what to say, which key was pressed, how it ended.

The token in the path is the key (flows/call_scripts.py); Twilio's requests are signed besides. Sources: 46elks, "Call
actions", "Play", "IVR"; Twilio, "TwiML", "Security", "Call resource" (status callbacks).
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl

import structlog
from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from larmcentral.api.commands_calls import CallCommands
from larmcentral.api.problems import Refusal, documented
from larmcentral.domain.errors import StoreUnavailable
from larmcentral.domain.twiml import KEY_WAIT_S, REPEATS, asking, is_signed, telling
from larmcentral.flows.call_scripts import CallScript
from larmcentral.ports.speech import ReadsAloud, Voiceless

FIELD_LIMIT: Final = 60
"""Twilio sends some thirty, and promises to add to them."""
ROUNDS: Final = 3
"""So often a call asks for its key; then it ends, and the chain has gone on long since."""
OWN_VOICE_SIGNS: Final = 180
"""46elks advises no longer texts for its own voice."""
BEEP: Final = "sound/beep"
HANG_UP: Final = {"hangup": "reject"}
CALLED_IN_ENGLISH: Final = "This is an alarm. Look at your phone. Press 1 to take it, 2 if you cannot."
"""For Swedish words that have no voice just now."""
WORD: Final = re.compile(r"[a-z_-]{1,20}")

_TWILIO_NEVER: Final = frozenset({"busy", "no-answer", "failed", "canceled"})
_HAVE_AN_ANSWER: Final = frozenset({"in-progress", "completed"})

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceAddress:
    """How providers reach us.

    elks_url, twilio_url: our API's base as that provider reaches it ("https://larm.example/api"); None where it is not
    used, and then its routes answer 404. twilio_token: signs Twilio's requests.
    """

    elks_url: str | None = None
    twilio_url: str | None = None
    twilio_token: str | None = field(default=None, repr=False)


def voice_routes(calls: CallCommands, address: VoiceAddress, speech: ReadsAloud | None) -> APIRouter:
    """POST and GET /api/voice/46elks/{token}/..., POST /api/voice/twilio/{token}/...

    speech: a voice for what 46elks plays; None: its own, which knows English only.
    """
    router = APIRouter(prefix="/api/voice", tags=["voice"])
    elks, twilio = _Elks(calls, address, speech), _Twilio(calls, address)

    @router.post("/46elks/{token}/start", response_class=Response, responses=documented(404, 413, 422, 503))
    async def elks_start(token: str, request: Request) -> Response:
        """Somebody lifted the receiver: say what the call is about, and ask for a key."""
        return await elks.start(token, await _form(request))

    @router.get(
        "/46elks/{token}/words.wav",
        response_class=Response,
        responses={200: {"content": {"audio/wav": {}}, "description": "Speech"}, **documented(404, 422)},
    )
    async def elks_words(token: str) -> Response:
        """The words of a call as sound."""
        return await elks.words(token)

    @router.post("/46elks/{token}/pressed", response_class=Response, responses=documented(404, 413, 422))
    async def elks_pressed(token: str, request: Request, again: int = 1) -> Response:
        """A key, or none: form field result."""
        return await elks.pressed(token, await _form(request), again)

    @router.post("/46elks/{token}/ended", status_code=204, responses=documented(404, 413, 422, 503))
    async def elks_ended(token: str, request: Request) -> None:
        """The call is over: form fields id or callid, state."""
        await elks.ended(token, await _form(request))

    @router.post("/twilio/{token}/pressed", response_class=Response, responses=documented(403, 404, 413, 422))
    async def twilio_pressed(token: str, request: Request, again: int = 1) -> Response:
        """A key, or none: form field Digits."""
        return await twilio.pressed(token, await twilio.form(request), again)

    @router.post("/twilio/{token}/ended", status_code=204, responses=documented(403, 404, 413, 422, 503))
    async def twilio_ended(token: str, request: Request) -> None:
        """The call was answered, or is over: form fields CallSid, CallStatus."""
        await twilio.ended(token, await twilio.form(request))

    return router


class _Elks:
    """Answers in 46elks' call actions."""

    def __init__(self, calls: CallCommands, address: VoiceAddress, speech: ReadsAloud | None) -> None:
        self._calls, self._url, self._speech = calls, address.elks_url, speech

    async def start(self, token: str, form: dict[str, str]) -> Response:
        script = self._script(token)
        call_id = form.get("callid") or form.get("id")
        if call_id:
            with suppress(StoreUnavailable):  # the end is told as well; whoever lifted the receiver must hear us now
                await self._calls.came_to(token, call_id, answered=True, reason="")
        return JSONResponse(await self._say(token, script, again=1))

    async def words(self, token: str) -> Response:
        script = self._script(token)
        if self._speech is None:
            raise Refusal(404, "not_found")
        try:
            sound = await self._speech.wav(_whole(script), script.language)
        except Voiceless as error:
            log.warning("call_without_voice", why=str(error))
            raise Refusal(404, "not_found") from None
        return Response(sound, media_type="audio/wav")

    async def pressed(self, token: str, form: dict[str, str], again: int) -> Response:
        script = self._script(token)
        result = form.get("result", "")
        said = await self._calls.pressed(token, result if result.isdecimal() else "")
        following = await self._say(token, script, again=again + 1) if said.ask and again < ROUNDS else HANG_UP
        if not said.words:
            return JSONResponse(following)
        return JSONResponse({**await self._reply(said.words, script.language), "next": following})

    async def ended(self, token: str, form: dict[str, str]) -> None:
        self._script(token)
        call_id, state = form.get("callid") or form.get("id"), form.get("state") or form.get("result")
        if not call_id or not state:
            raise Refusal(422, "invalid", fields={"id" if not call_id else "state": "missing"})
        reason = "" if state == "success" else _word(state)
        await self._calls.came_to(token, call_id, answered=state == "success", reason=reason)

    async def _say(self, token: str, script: CallScript, *, again: int) -> dict[str, Any]:
        """Return the action that reads the script out and, where it asks something, waits for a key."""
        if script.notice_id is None:
            voice = await self._has_voice(script)
            words = {"play": self._address(token, "words.wav") if voice else _own_voice(script.message)}
            return {**words, "skippable": False, "next": words}
        waits = {"digits": 1, "timeout": KEY_WAIT_S, "next": self._address(token, f"pressed?again={again}")}
        if await self._has_voice(script):
            return {"ivr": self._address(token, "words.wav"), "repeat": REPEATS, **waits}
        own = _whole(script) if script.language == "en" else CALLED_IN_ENGLISH
        return {"play": _own_voice(own), "skippable": True, "next": {"ivr": BEEP, "repeat": 1, **waits}}

    async def _reply(self, words: str, language: str) -> dict[str, Any]:
        """Return the action that says how a key was taken; a beep where no voice can."""
        reply = CallScript(notice_id=None, message=words, question="", language=language)
        if await self._has_voice(reply):
            return {"play": self._address(self._calls.reply(words, language), "words.wav")}
        return {"play": _own_voice(words) if language == "en" else BEEP}

    async def _has_voice(self, script: CallScript) -> bool:
        """Make the sound now, so that a voice that fails is known before 46elks asks for it."""
        if self._speech is None:
            return False
        try:
            await self._speech.wav(_whole(script), script.language)
        except Voiceless as error:
            log.warning("call_without_voice", why=str(error))
            return False
        return True

    def _script(self, token: str) -> CallScript:
        if self._url is None:
            raise Refusal(404, "not_found")
        return self._calls.script(token)

    def _address(self, token: str, what: str) -> str:
        return f"{(self._url or '').rstrip('/')}/voice/46elks/{token}/{what}"


class _Twilio:
    """Answers in TwiML."""

    def __init__(self, calls: CallCommands, address: VoiceAddress) -> None:
        self._calls, self._url, self._token = calls, address.twilio_url, address.twilio_token

    async def form(self, request: Request) -> dict[str, str]:
        """Return the form of a request that Twilio signed. Raises Refusal."""
        if self._url is None or self._token is None:
            raise Refusal(404, "not_found")
        form = await _form(request)
        # Our own address and not the one the request came to: a proxy in between changes scheme and host.
        asked = request.url.path.removeprefix("/api") + (f"?{request.url.query}" if request.url.query else "")
        if not is_signed(
            request.headers.get("x-twilio-signature", ""), self._token, self._url.rstrip("/") + asked, form
        ):
            raise Refusal(403, "forbidden")
        return form

    async def pressed(self, token: str, form: dict[str, str], again: int) -> Response:
        script = self._calls.script(token)
        said = await self._calls.pressed(token, form.get("Digits", ""))
        if not said.ask or again >= ROUNDS:
            return _xml(telling(said.words, script.language))
        url = f"{(self._url or '').rstrip('/')}/voice/twilio/{token}/pressed?again={again + 1}"
        words = f"{said.words} {'' if said.words else script.message}".strip()
        return _xml(asking(words, script.question, script.language, url, repeats=1))

    async def ended(self, token: str, form: dict[str, str]) -> None:
        sid, status = form.get("CallSid"), form.get("CallStatus")
        if not sid or not status:
            raise Refusal(422, "invalid", fields={"CallSid" if not sid else "CallStatus": "missing"})
        if status in _HAVE_AN_ANSWER:
            await self._calls.came_to(token, sid, answered=True, reason="")
        elif status in _TWILIO_NEVER:
            await self._calls.came_to(token, sid, answered=False, reason=_word(status))


def _own_voice(words: str) -> str:
    """Name what 46elks' own voice says: it knows English only, and a call that says nothing would be worse."""
    return f"en_US/{' '.join(words.replace('/', ' ').split())[:OWN_VOICE_SIGNS]}"


def _whole(script: CallScript) -> str:
    return f"{script.message} {script.question}".strip()


def _word(said: str) -> str:
    """Return a provider's word where it is one."""
    return said if WORD.fullmatch(said) else "failed"


def _xml(document: str) -> Response:
    return Response(document, media_type="text/xml")


async def _form(request: Request) -> dict[str, str]:
    """Return a form, of each field the first. Raises Refusal."""
    try:
        pairs = parse_qsl((await request.body()).decode(), keep_blank_values=True, max_num_fields=FIELD_LIMIT)
    except ValueError as error:  # not UTF-8, or more fields than anybody sends
        raise Refusal(422, "invalid") from error
    return dict(reversed(pairs))
