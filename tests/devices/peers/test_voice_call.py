"""Who is rung, and where a local gateway calls back."""

from __future__ import annotations

import pytest

from devices.peers.voice_call import Call, Callee, only_here


@pytest.mark.parametrize(
    ("word", "callee"),
    [
        ("press:2", Callee(keys="2")),
        ("press:", Callee(keys="")),
        ("busy", Callee(keys="1", never="busy")),
        ("no-answer", Callee(keys="1", never="no-answer")),
        ("", Callee(keys="7")),
        ("else", Callee(keys="7")),
    ],
)
def test_an_order_says_how_the_callee_behaves(word: str, callee: Callee) -> None:
    assert Callee.ordered(word, Callee(keys="7")) == callee


def test_keys_are_pressed_one_by_one_and_then_none() -> None:
    call = Call("c1", "+46700000017", Callee(keys="72"))

    assert [call.key() for _ in range(3)] == ["7", "2", None]
    assert call.pressed == "72"


@pytest.mark.parametrize("url", ["https://larm.example/api", "http://10.0.0.1/", "http://localhost.example/", "x"])
def test_nobody_else_is_called_back(url: str) -> None:
    with pytest.raises(ValueError, match="this machine"):
        only_here(url)
    only_here("http://localhost:1/")
    only_here("http://127.0.0.1:1/")
