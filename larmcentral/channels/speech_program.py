"""A voice by a program on this machine: it reads text and writes WAV, as espeak-ng does.

46elks plays sounds and reads English only (its documentation, "Play", names its own text-to-speech as a beta); Swedish
has to be brought along. A program and not a library: the free voices for Swedish are under licences that ours may not
be linked with, and any other (a municipality's own) can be put in its place.
"""

from __future__ import annotations

import asyncio
import struct
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from larmcentral.channels.cutting import plain
from larmcentral.ports.speech import Voiceless

AT_ONCE: Final = 2  # programs running; a message takes some 50 ms of one core
WAITING: Final = 32
KEPT: Final = 64  # sounds; a provider fetches the same one again for each repetition, and from several machines
FAREWELL_S: Final = 1.0
MAX_WAV_BYTES: Final = 8 * 1024 * 1024  # three minutes at 22 kHz
LANGUAGE: Final = "{language}"
RIFF_HEADER: Final = struct.Struct("<4sI4s")
CHUNK_HEADER: Final = struct.Struct("<4sI")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechSettings:
    """command: program and arguments; "{language}" in one becomes sv or en. It reads UTF-8 and writes WAV.

    For espeak-ng: ("espeak-ng", "-v", "{language}", "-s", "150", "--stdin", "--stdout").
    """

    command: Sequence[str]
    deadline: timedelta = timedelta(seconds=3)

    def __post_init__(self) -> None:
        if not self.command or not self.command[0] or self.deadline <= timedelta():
            raise ValueError("the speech command needs a program, and a positive deadline")


class SpeechProgram:
    """Runs the program for each text, and keeps the last sounds."""

    def __init__(self, settings: SpeechSettings) -> None:
        self._settings = settings
        self._kept: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._places = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    async def wav(self, text: str, language: str) -> bytes:
        """Return the text as a WAV file; see ports.ReadsAloud."""
        text, language = plain(text), "en" if language == "en" else "sv"
        key = (language, text)
        if key not in self._kept:
            self._kept[key] = await self._within_bounds(text, language)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]

    async def _within_bounds(self, text: str, language: str) -> bytes:
        if self._waiting >= WAITING:
            raise Voiceless("too many texts wait for the voice")
        self._waiting += 1
        try:
            async with asyncio.timeout(self._settings.deadline.total_seconds()), self._places:
                return whole_wav(await self._run(text, language))
        except TimeoutError:
            raise Voiceless("the voice took too long") from None
        except OSError as error:
            raise Voiceless(f"the voice cannot be started: {error.strerror}") from None
        finally:
            self._waiting -= 1

    async def _run(self, text: str, language: str) -> bytes:
        command = [part.replace(LANGUAGE, language) for part in self._settings.command]
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(text.encode())
            process.stdin.close()
            sound = bytearray()
            while chunk := await process.stdout.read(65_536):
                sound += chunk
                if len(sound) > MAX_WAV_BYTES:
                    raise Voiceless("the voice does not end")
            if await process.wait() != 0:
                raise Voiceless("the voice failed")
            return bytes(sound)
        finally:
            await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Leave nothing of a program behind, whether it has ended or not."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
    assert process.stdout is not None
    with suppress(TimeoutError):  # a child of its own may hold the pipe open
        async with asyncio.timeout(FAREWELL_S):
            while await process.stdout.read(65_536):
                pass
    await process.wait()


def whole_wav(sound: bytes) -> bytes:
    """Return a WAV file whose lengths are true: a program that writes into a pipe cannot know them beforehand.

    Raises Voiceless where it is no WAV or holds no sound.
    """
    if len(sound) < RIFF_HEADER.size or sound[:4] != b"RIFF" or sound[8:12] != b"WAVE":
        raise Voiceless("the voice wrote no WAV")
    at = RIFF_HEADER.size
    while at + CHUNK_HEADER.size <= len(sound):
        name, length = CHUNK_HEADER.unpack_from(sound, at)
        body = at + CHUNK_HEADER.size
        if name == b"data":
            length = min(length, len(sound) - body) & ~1
            if not length:
                break
            head = RIFF_HEADER.pack(b"RIFF", body + length - 8, b"WAVE") + sound[RIFF_HEADER.size : at]
            return head + CHUNK_HEADER.pack(b"data", length) + sound[body : body + length]
        at = body + length + (length & 1)
    raise Voiceless("the voice said nothing")
