"""A tone that carries its words."""

from __future__ import annotations

import wave
from io import BytesIO

import pytest

from devices.peers.tone_voice import wav_with, words_in


@pytest.mark.parametrize("text", ["", "Larm", "Överfallslarm på Storgatan 5.", "a" * 999])
def test_the_words_come_back_out_of_the_sound(text: str) -> None:
    sound = wav_with(text)

    with wave.open(BytesIO(sound)) as read:
        assert (read.getframerate(), read.getnframes()) == (8000, 4000)
    assert words_in(sound) == text


@pytest.mark.parametrize(
    "sound", [b"", b"RIFF\x00\x00\x00\x00WAVE", b"RIFF\x00\x00\x00\x00WAVELIST\xff\xff\xff\xffINFO"]
)
def test_another_sound_carries_none(sound: bytes) -> None:
    assert words_in(sound) is None
