"""Profiles are read as they stand, and one that cannot be run says why."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from load.profile import PROFILES, Profile, ProfileError, load_profile


def profile(**changes: object) -> Profile:
    plain = Profile(name="plain", words="", devices=100, alarms_per_s=10, run_s=5, warm_up_s=1, stand_down_after_s=0)
    return dataclasses.replace(plain, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", sorted(path.stem for path in PROFILES.glob("*.toml")))
def test_every_profile_of_ours_can_be_run(name: str) -> None:
    assert load_profile(name).complaints() == []


def test_town_is_what_the_first_promise_says() -> None:
    town = load_profile("town")

    assert (town.devices, town.alarms_per_s, town.run_s, town.warm_up_s) == (2000, 50.0, 60.0, 10.0)
    assert (town.targets.p99_ms, town.targets.worst_ms) == (250.0, 1000.0)
    assert (town.warm_up_presses, town.run_presses) == (500, 3000)


def test_steady_is_where_we_want_to_be() -> None:
    steady = load_profile("steady")

    assert (steady.devices, steady.alarms_per_s, len(steady.families)) == (20_000, 200.0, 9)
    assert (steady.targets.p99_ms, steady.targets.p999_ms, steady.targets.worst_ms) == (100.0, 250.0, 1000.0)
    assert steady.servers == ("receiver 1", "receiver 2", "escalation", "web")


def test_generators_are_as_many_as_asked_for_on_the_command_line() -> None:
    assert load_profile("steady", generators=4).generators == 4
    with pytest.raises(ProfileError, match="among the receivers"):
        load_profile("steady", generators=3)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"devices": 0}, "at least one press"),
        ({"run_s": 0.0}, "at least one press"),
        ({"generators": 101}, "a device at least"),
        ({"receivers": 2}, "among the receivers"),
        ({"receivers": 2, "roles": ("all",)}, "a role of its own"),
        ({"families": (("panel", 1),)}, "nobody knows the family panel"),
        ({"roles": ("receiver",)}, "roles must be"),
        ({"flood": 101}, "a watch for each press"),
        ({"devices": 50}, "no watch may press twice"),
        ({"devices": 50, "stand_down_after_s": 4.0}, "a watch presses every 5 s"),
    ],
)
def test_what_cannot_be_run_is_said_in_words(changes: dict[str, object], said: str) -> None:
    assert any(said in complaint for complaint in profile(**changes).complaints())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"devices": 243}, "a watch of its own"),
        ({"fail_over": 3}, "fail_over must be 4 or more"),
        ({"silent": 0}, "silent 1 or more"),
        ({"flood": 10}, "no flood comes"),
        ({"stand_down_after_s": 5.0}, "nothing is stood down"),
        ({"timers": True}, "a run of its own"),
    ],
)
def test_a_run_of_centres_that_would_measure_something_else_is_refused(changes: dict[str, Any], said: str) -> None:
    handover = load_profile("handover")

    assert handover.complaints() == []
    assert any(said in complaint for complaint in dataclasses.replace(handover, **changes).complaints())


def test_an_unknown_profile_names_those_there_are() -> None:
    with pytest.raises(ProfileError, match=r"there are .*smoke, .*steady, .*town"):
        load_profile("stady")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("devices = ", "is not TOML"),
        ("devises = 5", "nobody knows devises"),
        ("devices = 5", "missing"),
        ("[targets]\np98_ms = 1", "nobody knows p98_ms"),
    ],
)
def test_a_file_that_is_no_profile_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text)

    with pytest.raises(ProfileError, match=said):
        load_profile(str(path))
