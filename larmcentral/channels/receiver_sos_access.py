"""A path to a contracted alarm receiving centre over SOS Access v4: alarms, restores, heartbeat, a new password."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final, assert_never

from larmcentral.channels.receiver_path import PathAnswer, PathResult
from larmcentral.channels.receiver_sos_access_asking import Asking
from larmcentral.channels.receiver_sos_access_line import NoAnswer
from larmcentral.channels.receiver_sos_access_passwords import Passwords
from larmcentral.channels.receiver_sos_access_settings import SosAccessSettings
from larmcentral.channels.receiver_sos_access_words import NO_PASSWORD, alarm_request, words_of
from larmcentral.domain.errors import StoreUnavailable
from larmcentral.domain.forwarding import Handover, Rehearsed
from larmcentral.domain.notice import Probe
from larmcentral.ports import Clock
from larmcentral.ports.secrets import KeepsSecrets
from protocols.errors import LocalProtocolError
from protocols.sos_access.codec import serialise
from protocols.sos_access.codes import LEVELS, Verdict, verdict
from protocols.sos_access.messages import (
    NewAuthenticationRequest,
    NewAuthenticationResponse,
    PingRequest,
    Response,
    minimal,
)

REFUSED_PAUSE: Final = timedelta(minutes=15)
"""Between heartbeats while the password is refused: each one more may be what locks us out."""
MISSED_PAUSE: Final = timedelta(seconds=60)
"""After a heartbeat that went unanswered comes one more, so that hours do not pass before a dead centre is known."""


class SosAccessPath:
    """A ReceiverPath. In the one try of a hand-over there are up to two requests (the case, then its shortest form),
    and each may be repeated once with the other password while a renewal is not proved."""

    def __init__(self, settings: SosAccessSettings, clock: Clock, keeper: KeepsSecrets | None) -> None:
        """keeper: where a renewed password is kept; None where none is ever asked for."""
        self._settings = settings
        self._clock = clock
        self._keeper = keeper
        self._passwords = Passwords(settings.password, keeper, settings.secret_name)
        self._asking = Asking(settings, clock, self._passwords)
        self._renewing = asyncio.Lock()
        self._tries: set[asyncio.Task[Any]] = set()
        self._running = False
        self._beat_verdict = Verdict.TAKEN
        self._missed = 0

    @property
    def name(self) -> str:
        """Return the name that the settings give it."""
        return self._settings.name

    @property
    def beat_every(self) -> timedelta | None:
        """Return how soon heartbeat() is to be called again: three times in the level's time, and once more soon after
        each that was missed, which makes six; less often once the centre hears us too often or refuses us, and no more
        (until start()) once it says that none was ordered."""
        if self._settings.level is None:
            return None
        longest = LEVELS[self._settings.level]
        if self._missed % 2 == 1:
            return min(MISSED_PAUSE, longest / 3)
        match self._beat_verdict:
            case Verdict.NOT_ORDERED:
                return None
            case Verdict.TOO_OFTEN:
                return longest * 4 / 9  # still more than the two that are asked for
            case Verdict.UNAUTHORISED:
                return max(longest, REFUSED_PAUSE)
            case Verdict.TAKEN | Verdict.TAKEN_BEFORE | Verdict.FAULTY | Verdict.ELSEWHERE:
                return longest / 3
            case _:
                assert_never(self._beat_verdict)

    @property
    def clock_offset(self) -> timedelta | None:
        """Return how far the receiver's clock was before ours when it last said so, whole hours left out."""
        return self._asking.clock_offset

    async def start(self) -> None:
        """Read certificates and the kept password. Raises OSError for a file that cannot be read."""
        await self._asking.line.open()
        with suppress(StoreUnavailable):  # the given one goes first then; a refusal has the kept one read again
            await self._passwords.load()
        self._beat_verdict, self._missed = Verdict.TAKEN, 0
        self._running = True

    async def stop(self) -> None:
        """End the tries under way as UNREACHED."""
        self._running = False
        tries = set(self._tries)
        for task in tries:
            task.cancel()
        await asyncio.gather(*tries, return_exceptions=True)

    async def hand_over(self, handover: Handover) -> PathAnswer:
        """Try once (and once more in the shortest form, where the centre finds fault with the text). Never raises."""
        return await self._tried(self._hand_over(handover, self._until()))

    async def heartbeat(self) -> PathAnswer:
        """Say that we live. Never raises."""
        answer = await self._tried(self._beat(self._until()))
        # A refusal is an answer, and one more of it may be what locks us out.
        self._missed = self._missed + 1 if answer.result is PathResult.UNREACHED else 0
        return answer

    async def renew_authentication(self) -> PathAnswer:
        """Exchange the given password for one that no person has seen; once, after first contact. Never raises.

        TOOK where it is on disk and will be used from the next request on, or was renewed before.
        """
        return await self._tried(self._renew())

    async def probe(self) -> Probe:
        """Find out whether the address answers at all, without saying anything that counts as a heartbeat or alarm."""
        answer = await self._tried(self._reach(self._until()))
        return Probe(alive=answer.result is PathResult.TOOK, reason=answer.words)

    def rehearse(self, handover: Handover) -> Rehearsed:
        """Return what hand_over() would send, and what of it had to be changed. Sends nothing, waits for nothing."""
        try:
            written = alarm_request(handover, self._settings, self._clock.now())
            document = serialise(written.request).decode("latin-1")
        except LocalProtocolError as error:
            return Rehearsed(self.name, "", (f"cannot be sent: {error}",))
        return Rehearsed(self.name, document.replace("\r\n", "\n"), written.notes)

    def _until(self) -> float:
        return asyncio.get_running_loop().time() + self._settings.deadline.total_seconds()

    async def _tried(self, work: Coroutine[Any, Any, PathAnswer]) -> PathAnswer:
        """Run a try so that stop() can end it and its faults come back in words."""
        if not self._running:
            work.close()
            return PathAnswer(PathResult.UNREACHED, "stopped")
        task = asyncio.create_task(work)
        self._tries.add(task)
        try:
            await asyncio.wait({task})
            return PathAnswer(PathResult.UNREACHED, "stopped") if task.cancelled() else task.result()
        except NoAnswer as error:
            return PathAnswer(PathResult.UNREACHED, str(error))
        except LocalProtocolError as error:
            return PathAnswer(PathResult.UNFIT, f"cannot be written: {error}")
        except asyncio.CancelledError:
            task.cancel()
            raise
        finally:
            self._tries.discard(task)

    async def _hand_over(self, handover: Handover, until: float) -> PathAnswer:
        full = alarm_request(handover, self._settings, self._clock.now()).request
        response = await self._asking.ask(full, until)
        if verdict(response.status) is not Verdict.FAULTY:
            return self._judged(response)
        fault = self._words(response)
        if handover.test:
            # its shortest form has no room for the mark, and an unmarked test is an alarm
            return PathAnswer(PathResult.UNFIT, fault)
        try:
            bare = await self._asking.ask(minimal(full), until)
        except NoAnswer as error:
            return PathAnswer(PathResult.UNREACHED, f"{fault}; without texts: {error}")
        answer = self._judged(bare)
        if verdict(bare.status) is Verdict.TAKEN_BEFORE:
            # It names neither case nor person, so that what the centre has may be another alarm of the same code.
            words = f"{fault}; {self._words(bare)}; without texts it cannot be told from another case of ours"
            return PathAnswer(PathResult.UNREACHED, words)
        return replace(
            answer, words=f"{fault}; without texts: {answer.words}", minimal=answer.result is PathResult.TOOK
        )

    async def _beat(self, until: float) -> PathAnswer:
        if self._settings.level is None or self._beat_verdict is Verdict.NOT_ORDERED:
            return PathAnswer(PathResult.UNFIT, "no heartbeat is ordered here")
        response = await self._asking.ask(
            PingRequest(
                authentication=NO_PASSWORD,
                transmitter_type=self._settings.transmitter_type,
                transmitter_code=self._settings.transmitter_code,
            ),
            until,
        )
        self._beat_verdict = verdict(response.status)
        match self._beat_verdict:
            case Verdict.NOT_ORDERED:
                words = (
                    f"{self._words(response)}; no heartbeat is ordered with the centre, ours are over: order it there"
                )
                return PathAnswer(PathResult.UNFIT, f"{words}, or take the level out of the settings")
            case Verdict.TOO_OFTEN:
                return PathAnswer(PathResult.TOOK, f"{self._words(response)}; our heartbeats come less often now")
            case _:
                return self._judged(response)

    async def _reach(self, until: float) -> PathAnswer:
        await self._asking.line.reach(until)
        return PathAnswer(PathResult.TOOK, "")

    async def _renew(self) -> PathAnswer:
        async with self._renewing:
            if self._keeper is None:
                return PathAnswer(PathResult.UNFIT, "not asked for: there is no place to keep a new password")
            try:
                await self._passwords.load()
                if self._passwords.renewed:
                    return PathAnswer(PathResult.TOOK, "the password was renewed before")
                await self._passwords.check_keeping()
            except StoreUnavailable:
                return PathAnswer(PathResult.UNREACHED, "not asked for: a new password could not be kept just now")
            response = await self._asking.ask(
                NewAuthenticationRequest(
                    authentication=NO_PASSWORD,
                    transmitter_type=self._settings.transmitter_type,
                    transmitter_code=self._settings.transmitter_code,
                ),
                self._until(),
            )
            answer = self._judged(response)
            if answer.result is not PathResult.TOOK:
                return answer
            if not isinstance(response, NewAuthenticationResponse) or response.new_authentication is None:
                return PathAnswer(PathResult.UNREACHED, f"{answer.words}, but no new password came with it")
            try:
                await self._passwords.take(response.new_authentication)
            except StoreUnavailable:
                return PathAnswer(PathResult.UNREACHED, "the new password could not be kept: the old one goes on")
            return PathAnswer(PathResult.TOOK, f"{answer.words}; the new password is kept")

    def _judged(self, response: Response) -> PathAnswer:
        words = self._words(response)
        said = verdict(response.status)
        match said:
            case Verdict.TAKEN:
                return PathAnswer(PathResult.TOOK, words)
            case Verdict.TAKEN_BEFORE:
                return PathAnswer(PathResult.TOOK, f"{words}; the centre had it already")
            case Verdict.FAULTY:
                return PathAnswer(PathResult.UNFIT, words)
            case Verdict.UNAUTHORISED:
                return PathAnswer(PathResult.UNAUTHORISED, words)
            case Verdict.ELSEWHERE | Verdict.NOT_ORDERED | Verdict.TOO_OFTEN:
                return PathAnswer(PathResult.UNREACHED, words)
            case _:
                assert_never(said)

    def _words(self, response: Response) -> str:
        return words_of(response, self._passwords.all())
