"""The commands `devices scene` and `devices say`, as a person types them."""

from __future__ import annotations

import asyncio
import json

import pytest
from click.testing import CliRunner, Result

from devices.cli import devices
from tests.fakes.centre import PASSWORD, Centre, free_port, open_centre

SAY = ("say", "me/session/check-in", "--login", "anna", "--password", PASSWORD)


async def typed(*arguments: str) -> Result:
    """Run one command in a thread of its own, so that the test's loop is free to answer."""
    return await asyncio.to_thread(CliRunner().invoke, devices, arguments)


@pytest.mark.parametrize("command", [("scene", "duress"), SAY])
async def test_where_nobody_answers_it_is_exit_1_with_words(command: tuple[str, ...]) -> None:
    port = free_port()
    result = await typed(*command, "--port", str(port))
    assert result.exit_code == 1
    assert result.output == f"Error: nobody answers on 127.0.0.1:{port}; start ./dev demo first\n"


@pytest.mark.parametrize("command", [("scene", "duress"), SAY])
@pytest.mark.parametrize("host", ["192.0.2.1", "example.org", "0.0.0.0"])
async def test_an_address_outside_this_machine_is_refused(command: tuple[str, ...], host: str) -> None:
    result = await typed(*command, "--host", host)
    assert result.exit_code == 1
    assert f"{host} is not a loopback address" in result.output


async def test_a_scene_is_told_line_by_line_with_its_seconds() -> None:
    async with open_centre(Centre()) as centre:
        result = await typed("scene", "duress", "--port", str(centre.port), "--password", PASSWORD)
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert all(" s  " in line for line in lines)
    assert lines[-1].endswith("at the desk: duress, silent True; told so far: Bosse (told)")


async def test_a_scene_that_fails_is_exit_1_and_says_at_what() -> None:
    async with open_centre(Centre(tells_pins_apart=True)) as centre:
        result = await typed("scene", "duress", "--port", str(centre.port), "--password", PASSWORD)
    assert result.exit_code == 1
    assert "Error: the phone shows which PIN it was; that must not be" in result.output


async def test_what_is_said_is_posted_as_it_stands_and_the_answer_shown() -> None:
    async with open_centre(Centre()) as centre:
        said = {"purpose": "Hembesök på Ö"}
        result = await typed(
            "say", "me/session", *SAY[2:], "--port", str(centre.port), "--body", json.dumps(said, ensure_ascii=False)
        )
    assert (result.exit_code, json.loads(result.output)) == (0, {"id": "v-1"})
    assert centre.bodies("me/session") == [said]


async def test_a_no_is_exit_1_with_the_centres_words() -> None:
    async with open_centre(Centre()) as centre:
        result = await typed("say", "me/nothing", *SAY[2:], "--port", str(centre.port))
    assert result.exit_code == 1
    assert result.output == 'Error: 404 {"reason": "not_found"}\n'


async def test_what_is_no_json_is_not_said() -> None:
    async with open_centre(Centre()) as centre:
        result = await typed(*SAY, "--port", str(centre.port), "--body", "{")
    assert result.exit_code == 1
    assert result.output == "Error: that is no JSON: {\n"
    assert centre.bodies("me/session/check-in") == []
