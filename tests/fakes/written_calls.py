"""Calls that write down what the telephone provider told, and a voice of one tone."""

from __future__ import annotations

import struct

from larmcentral.flows.call_scripts import CallScript, CallScripts
from larmcentral.flows.calls import Said
from larmcentral.ports.speech import Voiceless
from tests.fakes.settable_clock import SettableClock


class WrittenCalls:
    """api.commands_calls.CallCommands. said: what a key leads to. failure: raised by came_to() while it is set."""

    def __init__(self) -> None:
        self.scripts = CallScripts(b"sixteen bytes or more of secret", SettableClock())
        self.asked: list[tuple[object, ...]] = []
        self.said = Said("Tack.", ask=False)
        self.failure: Exception | None = None

    def script(self, token: str) -> CallScript:
        return self.scripts.open(token)

    def reply(self, words: str, language: str) -> str:
        return self.scripts.seal(CallScript(notice_id=None, message=words, question="", language=language))

    async def pressed(self, token: str, digit: str) -> Said:
        self.asked.append(("pressed", self.script(token).notice_id, digit))
        return self.said

    async def came_to(self, token: str, provider_id: str, *, answered: bool, reason: str) -> None:
        self.asked.append(("came_to", self.script(token).notice_id, provider_id, answered, reason))
        if self.failure is not None:
            raise self.failure


class OneTone:
    """ports.ReadsAloud. spoken: what was asked for. hoarse: nothing comes while it is set."""

    def __init__(self) -> None:
        self.spoken: list[tuple[str, str]] = []
        self.hoarse = False

    async def wav(self, text: str, language: str) -> bytes:
        self.spoken.append((text, language))
        if self.hoarse:
            raise Voiceless("hoarse")
        return wav_of(b"\x00\x01" * 8)


def wav_of(samples: bytes, *, told_length: int | None = None) -> bytes:
    """A WAV file at 8 kHz, 16 bits. told_length: what its header says of the samples, for headers that lie."""
    length = len(samples) if told_length is None else told_length
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 8000, 16_000, 2, 16)
    return (
        b"RIFF" + struct.pack("<I", 36 + len(samples)) + b"WAVE" + form + b"data" + struct.pack("<I", length) + samples
    )
