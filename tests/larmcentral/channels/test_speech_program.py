"""A voice by a program."""

from __future__ import annotations

import asyncio
import shutil
import struct
import sys
import wave
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from devices.peers.tone_voice import wav_with, words_in
from larmcentral.channels.speech_program import AT_ONCE, KEPT, SpeechProgram, SpeechSettings, whole_wav
from larmcentral.ports.speech import Voiceless
from tests.fakes.written_calls import wav_of
from tests.larmcentral.channels.support import until

SPEAKS = """
import sys
from pathlib import Path
from tests.fakes.written_calls import wav_of
with Path(sys.argv[2]).open("a") as said:
    said.write(sys.argv[1] + ":" + sys.stdin.read() + "\\n")
sys.stdout.buffer.write(wav_of(b"\\x00\\x01" * 100, told_length=0x7FFFFFFF))
"""


def voice(program: str, *arguments: str, deadline: timedelta = timedelta(seconds=20)) -> SpeechProgram:
    return SpeechProgram(SpeechSettings(command=(sys.executable, "-c", program, *arguments), deadline=deadline))


async def test_text_goes_in_and_a_whole_wav_comes_out_once_for_the_same_words(tmp_path: Path) -> None:
    speaks = voice(SPEAKS, "{language}", str(tmp_path / "said"))

    sounds = [await speaks.wav("Överfallslarm.\nAnna K.", "sv") for _ in range(3)]
    await speaks.wav("Alarm.", "en")

    assert (tmp_path / "said").read_text() == "sv:Överfallslarm. Anna K.\nen:Alarm.\n"
    with wave.open(BytesIO(sounds[0])) as sound:
        assert (sound.getnframes(), sound.getframerate()) == (100, 8000)
    assert sounds == [sounds[0]] * 3


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("import sys; sys.exit(3)", "failed"),
        ("print('no sound')", "no WAV"),
        ("", "no WAV"),
        ("import sys\nwhile True: sys.stdout.buffer.write(b'R' * 65536)", "does not end"),
    ],
)
async def test_a_program_that_cannot_says_why(program: str, why: str) -> None:
    with pytest.raises(Voiceless, match=why):
        await voice(program).wav("Larm.", "sv")


async def test_a_program_that_is_not_there_says_why() -> None:
    with pytest.raises(Voiceless, match="cannot be started"):
        await SpeechProgram(SpeechSettings(command=("no-such-voice-on-this-machine",))).wav("Larm.", "sv")


async def test_a_program_that_hangs_is_ended_at_the_deadline(tmp_path: Path) -> None:
    hangs = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(600)"
    speaks = voice(hangs, str(tmp_path / "pid"), deadline=timedelta(seconds=1))

    with pytest.raises(Voiceless, match="too long"):
        await speaks.wav("Larm.", "sv")

    pid = (tmp_path / "pid").read_text()
    await until(lambda: not Path(f"/proc/{pid}").exists())


COUNTS = """
import os, sys
from pathlib import Path
folder = Path(sys.argv[1])
mine = folder / f"{os.getpid()}.runs"
mine.touch()
with (folder / "seen").open("a") as seen:
    seen.write(f"{len(list(folder.glob('*.runs')))}\\n")
from tests.fakes.written_calls import wav_of
sys.stdout.buffer.write(wav_of(b"\\x00\\x01"))
sys.stdout.flush()
mine.unlink()
"""


async def test_only_so_many_run_at_once(tmp_path: Path) -> None:
    speaks = voice(COUNTS, str(tmp_path))

    await asyncio.gather(*(speaks.wav(f"Larm {number}", "sv") for number in range(AT_ONCE + 4)))

    seen = [int(line) for line in (tmp_path / "seen").read_text().split()]
    assert len(seen) == AT_ONCE + 4
    assert max(seen) <= AT_ONCE


async def test_only_the_last_sounds_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    speaks = voice("")
    monkeypatch.setattr(speaks, "_run", _one_sound)
    for number in range(KEPT + 5):
        await speaks.wav(f"Larm {number}", "sv")

    assert len(speaks._kept) == KEPT


async def _one_sound(text: str, language: str) -> bytes:
    return wav_of(b"\x00\x01")


def test_lengths_that_lie_are_put_right_and_the_comment_stays() -> None:
    honest = wav_of(b"\x00\x01" * 8)

    assert whole_wav(honest) == honest
    assert whole_wav(wav_of(b"\x00\x01" * 8, told_length=0xFFFFFFFF)) == honest
    assert words_in(whole_wav(wav_with("Överfallslarm."))) == "Överfallslarm."


@pytest.mark.parametrize(
    "sound",
    [
        b"",
        b"RIFF",
        b"RIFF\x04\x00\x00\x00WAVE",
        b"RIFF\x04\x00\x00\x00AVI ",
        wav_of(b""),
        wav_of(b"\x00"),
        b"RIFF\x04\x00\x00\x00WAVE" + struct.pack("<4sI", b"fmt ", 0xFFFFFFFF),
    ],
)
def test_what_is_no_sound_is_none(sound: bytes) -> None:
    with pytest.raises(Voiceless):
        whole_wav(sound)


def test_a_command_is_needed() -> None:
    for command in ((), ("",)):
        with pytest.raises(ValueError, match="speech"):
            SpeechSettings(command=command)


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is installed")
async def test_espeak_speaks_swedish() -> None:
    command = ("espeak-ng", "-v", "{language}", "-s", "150", "--stdin", "--stdout")

    sound = await SpeechProgram(SpeechSettings(command=command)).wav("Överfallslarm på Storgatan fem.", "sv")

    with wave.open(BytesIO(sound)) as read:
        assert read.getnframes() / read.getframerate() > 1
