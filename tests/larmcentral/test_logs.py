"""What the log says of all this, and what it never says."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import structlog
from twisted.logger import Logger
from twisted.python.failure import Failure

from larmcentral.logs import MASK, configure_logs
from protocols.errors import ContentError
from protocols.signal import Position, SignalKind
from tests.fakes.intake import eventually
from tests.larmcentral.receivers.rig import Rig

HERE = "59.3293,18.0686"


class Lines(io.StringIO):
    """Everything logged."""

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]


@pytest.fixture
def lines() -> Iterator[Lines]:
    lines = Lines()
    undo = configure_logs(level="debug", form="json", stream=lines)
    yield lines
    undo()


async def test_no_frame_and_no_position_reaches_the_log(lines: Lines, rig: Rig) -> None:
    await rig.tcp()
    rig.intake.error = ValueError(f"could not convert {HERE}")
    anna = await rig.connect("name anna", f"alarm {HERE}", f"position {HERE}", "wrong-key anna", f"garbage {HERE}")
    await eventually(lambda: rig.metric("larm_not_stored_total", receiver="rig", reason="ValueError") == 2)
    anna.say(f"crash {HERE}")
    await anna.hear_all()
    eve = await rig.connect("name eve", f"position {HERE}", f"forged {HERE}", "bye")
    await eve.hear_all()
    await rig.receiver.stop()
    said = {event["event"] for event in lines.events}
    assert said >= {"listening", "intake_failed", "security_event", "fault", "conversation_failed", "stopped_listening"}
    assert HERE.split(",")[0] not in lines.getvalue()
    [bug] = [event for event in lines.events if event["event"] == "conversation_failed"]
    assert bug["error"] == "RuntimeError"
    assert any("line_protocol.py" in step for step in bug["error_at"])
    assert [event["account"] for event in lines.events if event["event"] == "security_event"] == ["anna", "eve"]


async def test_no_request_reaches_the_log(lines: Lines, rig: Rig) -> None:
    await rig.http()
    for request in ("/?id=anna&alarm=sos&lat=59.3293&lon=18.0686&secret=sesame", "/?lat=59.3293", "\x00 broken"):
        phone = await rig.connect()
        phone.send(f"POST {request} HTTP/1.0\r\nContent-Length: 0\r\n\r\n".encode())
        await phone.hear_all()
    assert "59.3293" not in lines.getvalue()
    assert "sesame" not in lines.getvalue()


def test_private_names_are_masked_and_odd_values_are_named_only(lines: Lines) -> None:
    log = structlog.get_logger("larmcentral.test")
    log.info(
        "something_happened",
        device_token="abc",
        address="Storgatan 1",
        raw=b"abc",
        home_address="Storgatan 1",
        contact_point_id=UUID(int=1),
        person_id="p1",
        file=Path("/etc/x"),
        kind=SignalKind.PANIC,
        at=datetime(2026, 11, 22, tzinfo=UTC),
        where=Position(lat=59.3, lon=18.1),
        nested={"password": "abc", "count": 1, "list": [b"abc", None, True]},
        long="x" * 1000,
    )
    [event] = lines.events
    assert event.pop("timestamp").endswith("Z")
    assert event == {
        "event": "something_happened",
        "level": "info",
        "device_token": MASK,
        "address": MASK,
        "raw": MASK,
        "home_address": MASK,
        "contact_point_id": "00000000-0000-0000-0000-000000000001",
        "person_id": "p1",
        "file": "/etc/x",
        "kind": "panic",
        "at": "2026-11-22T00:00:00+00:00",
        "where": "<Position>",
        "nested": {"password": MASK, "count": 1, "list": ["<bytes>", None, True]},
        "long": "x" * 200 + MASK,
    }


def test_only_our_own_errors_are_quoted(lines: Lines) -> None:
    log = structlog.get_logger("larmcentral.test")
    for error in (ContentError("no device is named"), ValueError(HERE), FileNotFoundError(2, "No such file", HERE)):
        log.error("failed", exc_info=error)
    try:
        try:
            raise KeyError(HERE)
        except KeyError as cause:
            raise ContentError("grammar") from cause
    except ContentError:
        log.exception("failed")
    assert [(event["error"], event.get("error_words"), event.get("error_cause")) for event in lines.events] == [
        ("ContentError", "no device is named", None),
        ("ValueError", None, None),
        ("FileNotFoundError", "No such file", None),
        ("ContentError", "grammar", "KeyError"),
    ]
    assert HERE not in lines.getvalue()


def test_of_a_library_only_its_own_words_are_taken(lines: Lines) -> None:
    logging.getLogger("aioapns").warning("Status of notification %s is %s", HERE, "Unregistered")
    logging.getLogger("asyncio").error("Task exception was never retrieved\nfuture: <Task %s>" % HERE)  # noqa: UP031, G002
    logging.getLogger("asyncio").debug("Using selector")
    Logger("twisted.internet").error("Lost {where}", where=HERE)
    Logger("twisted.internet").info("Starting factory {where}", where=HERE)
    try:
        raise ValueError(HERE)
    except ValueError:
        Logger("twisted.internet").failure("Unhandled Error", failure=Failure())
    said = [(event["logger"], event["level"], event["event"], event.get("error")) for event in lines.events]
    assert said == [
        ("aioapns", "warning", "Status of notification %s is %s", None),
        ("asyncio", "error", "Task exception was never retrieved", None),
        ("twisted.internet", "error", "Lost {where}", None),
        ("twisted.internet", "error", "Unhandled Error", "ValueError"),
    ]
    assert HERE not in lines.getvalue()


def test_a_log_that_cannot_be_written_costs_nothing() -> None:
    broken = io.StringIO()
    undo = configure_logs(level="info", form="json", stream=broken)
    broken.close()
    structlog.get_logger("larmcentral.test").info("said_to_nobody")
    logging.getLogger("aiohttp").warning("said to nobody")
    undo()


def test_below_the_level_nothing_is_said_and_eyes_have_a_form_of_their_own() -> None:
    lines = io.StringIO()
    undo = configure_logs(level="warning", form="console", stream=lines)
    structlog.get_logger("larmcentral.test").info("small_talk")
    structlog.get_logger("larmcentral.test").warning("trouble", receiver="watch")
    undo()
    [line] = lines.getvalue().splitlines()
    assert "trouble" in line
    assert "receiver=watch" in line
