"""A centre's DC-09 receiver over real sockets: on good days and on bad ones."""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import sys
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from devices.peers.arc_dc09_server import ArcDc09Server
from devices.peers.orders import Fate, Order
from escalation.alarm import AlarmKind
from larmcentral.channels.receiver_dc09 import Dc09Path, Dc09Settings, key_of
from larmcentral.channels.receiver_path import PathAnswer, PathResult
from larmcentral.domain.forwarding_defaults import default_row
from larmcentral.domain.forwarding_tests import nobodys_case
from larmcentral.domain.forwarding_texts import marked_handover
from tests.fakes.bad_server import NOWHERE, BadServer, Manner, closed_port
from tests.fakes.settable_clock import SettableClock
from tests.larmcentral.channels.centre import KEY, acking, acking_blindly, dc09, handover
from tests.larmcentral.channels.support import OPENED_AT, PATIENT, running, until

SEALED = {"account": "5678", "key": KEY}


@pytest.fixture
async def arc() -> AsyncIterator[ArcDc09Server]:
    server = ArcDc09Server({"1234": None, "5678": KEY})
    await server.start()
    yield server
    await server.stop()


def port_of(arc: ArcDc09Server, transport: str) -> int:
    return arc.port if transport == "tcp" else arc.udp_port


def told(arc: ArcDc09Server) -> list[dict[str, Any]]:
    return [received.payload for received in arc.record.since(0, 100)]


@pytest.mark.parametrize("transport", ["tcp", "udp"])
@pytest.mark.parametrize("sealed", [False, True], ids=["clear", "sealed"])
async def test_a_case_arrives_with_code_place_time_and_words(arc: ArcDc09Server, transport: str, sealed: bool) -> None:
    changes = {"transport": transport, "deadline": PATIENT, **(SEALED if sealed else {})}
    async with running(dc09(port_of(arc, transport), **changes)) as path:
        answer = await path.hand_over(handover())
    assert (answer.result, answer.words, answer.minimal) == (PathResult.TOOK, "ACK", False)
    [said] = told(arc)
    account = "5678" if sealed else "1234"
    assert said["data"] == f"#{account}|Nri1/PA7^Asa Oberg^"
    assert said["blocks"] == [
        ["H", "13:02:03,11-22-2026"],
        ["X", "018E04.116"],
        ["Y", "59N19.758"],
        ["I", "Overfallslarm kl. 14:02 / Tel 0701740601"],
        ["L", "Storgatan 5"],
    ]
    assert said["encrypted"] is sealed
    assert (said["receiver"], said["line"]) == ("0", "0")


async def test_the_end_is_told_by_the_restore_of_the_code_or_by_qualifier_three(arc: ArcDc09Server) -> None:
    async with running(dc09(arc.port)) as sia, running(dc09(arc.port, payload="cid")) as cid:
        for path in (sia, cid):
            assert (await path.hand_over(handover(restore=True))).result is PathResult.TOOK
    assert [said["data"] for said in told(arc)] == ["#1234|Nri1/PR7^Asa Oberg^", "#1234|3120 01 007"]


async def test_a_connection_is_kept_and_numbers_follow_each_other(arc: ArcDc09Server) -> None:
    async with running(dc09(arc.port)) as path:
        for _ in range(3):
            assert (await path.hand_over(handover())).result is PathResult.TOOK
        assert (await path.heartbeat()).result is PathResult.TOOK
    numbers = [said["seq"] for said in told(arc)]
    assert numbers[1:] == [numbers[0] % 9999 + 1, (numbers[0] + 1) % 9999 + 1, 0]
    assert told(arc)[-1]["name"] == "NULL"
    assert arc.connections_made == 1


async def test_two_processes_that_start_in_the_same_second_do_not_count_alike(arc: ArcDc09Server) -> None:
    settings = Dc09Settings(name="primary", host="127.0.0.1", port=arc.port, account="1234")
    for one in (1, 2):
        async with running(Dc09Path(settings, SettableClock(), random.Random(one).randbytes)) as path:
            assert (await path.hand_over(handover())).result is PathResult.TOOK
    first, second = (said["seq"] for said in told(arc))
    assert first != second


async def test_many_at_once_take_their_turns(arc: ArcDc09Server) -> None:
    async with running(dc09(arc.port, deadline=PATIENT)) as path:
        answers = await asyncio.gather(*(path.hand_over(handover()) for _ in range(50)))
    assert {answer.result for answer in answers} == {PathResult.TOOK}
    assert len({said["seq"] for said in told(arc)}) == 50


async def test_a_line_that_died_while_nobody_spoke_is_made_anew(arc: ArcDc09Server) -> None:
    path = dc09(arc.port)
    async with running(path):
        assert (await path.heartbeat()).result is PathResult.TOOK
        port = arc.port
        await arc.stop()
        again = ArcDc09Server({"1234": None}, port=port)
        await again.start()
        try:
            assert (await path.hand_over(handover())).result is PathResult.TOOK
        finally:
            await again.stop()
    assert len(told(again)) == 1


@pytest.mark.parametrize("transport", ["tcp", "udp"])
async def test_what_was_lost_is_said_again_under_the_same_number(arc: ArcDc09Server, transport: str) -> None:
    arc.orders.for_next(Order(fate=Fate.SILENCE))
    async with running(dc09(port_of(arc, transport), transport=transport)) as path:
        assert (await path.hand_over(handover())).result is PathResult.TOOK
    first, second = told(arc)
    assert first["seq"] == second["seq"]
    assert first["frame"] == second["frame"]


async def test_an_encrypted_repeat_is_another_frame_with_the_same_number(arc: ArcDc09Server) -> None:
    arc.orders.for_next(Order(fate=Fate.SILENCE))
    async with running(dc09(arc.port, **SEALED)) as path:
        assert (await path.hand_over(handover())).result is PathResult.TOOK
    first, second = told(arc)
    assert first["seq"] == second["seq"]
    assert first["frame"] != second["frame"]


async def test_a_receiver_whose_clock_is_another_sets_ours_and_takes_it_at_once(arc: ArcDc09Server) -> None:
    arc.clock_off = timedelta(hours=2)
    async with running(dc09(arc.port, **SEALED)) as path:
        began = time.monotonic()
        assert (await path.hand_over(handover())).result is PathResult.TOOK
        assert time.monotonic() - began < 0.4, "not after a time-out"
    assert [received.reason for received in arc.record.since(0, 9)] == ["NAK", "ACK"]


async def test_less_and_less_is_said_where_the_receiver_does_not_understand_the_whole(arc: ArcDc09Server) -> None:
    async with running(dc09(arc.port)) as path:
        arc.orders.for_next(Order(reason="DUH"))
        one_block = await path.hand_over(handover())
        arc.orders.for_next(Order(reason="DUH"), times=2)
        shortest = await path.hand_over(handover())
    assert (one_block.result, one_block.minimal) == (PathResult.TOOK, False)
    assert one_block.words == "one block: ACK; DUH: the receiver does not understand it"
    assert (shortest.result, shortest.minimal) == (PathResult.TOOK, True)
    letters = [[letter for letter, _ in said["blocks"]] for said in told(arc)]
    assert letters == [["H", "X", "Y", "I", "L"], ["I"], ["H", "X", "Y", "I", "L"], ["I"], []]
    assert told(arc)[-1]["data"] == "#1234|Nri1/PA7"


@pytest.mark.parametrize("payload", ["sia", "cid"])
async def test_a_test_never_goes_out_without_its_mark(arc: ArcDc09Server, payload: str) -> None:
    row = default_row(AlarmKind.PANIC, True)
    test = marked_handover(row, nobodys_case(), name="t", kind="Larm", at=OPENED_AT, zone=ZoneInfo("Europe/Stockholm"))
    arc.orders.for_all(Order(reason="DUH"))
    async with running(dc09(arc.port, payload=payload)) as path:
        assert (await path.hand_over(test)).result is PathResult.UNFIT
    assert len(told(arc)) == 2
    for said in told(arc):
        assert "PROV / TEST" in str((said["data"], said["blocks"]))


@pytest.mark.parametrize(("word", "why"), [("DUH", "does not understand"), ("NAK", "refuses our time")])
async def test_a_receiver_that_never_understands_is_unfit_and_says_why(arc: ArcDc09Server, word: str, why: str) -> None:
    arc.orders.for_all(Order(reason=word))
    async with running(dc09(arc.port)) as path:
        answer = await path.hand_over(handover())
        assert answer.result is PathResult.UNFIT
        assert why in answer.words
        arc.orders.clear()
        assert (await path.hand_over(handover())).result is PathResult.TOOK


@pytest.mark.parametrize(
    ("manner", "why"),
    [
        (Manner.SILENT, "no answer in time"),
        (Manner.CUT, "hung up"),
        (Manner.MUTE_CLOSE, "hung up"),
        (Manner.LATE, "no answer in time"),
        (Manner.GARBAGE, "cannot read"),
    ],
)
async def test_on_a_bad_day_it_is_unreached_in_time_and_the_next_goes_through(manner: Manner, why: str) -> None:
    async with BadServer(acking(), manner) as server, running(dc09(server.port)) as path:
        began = time.monotonic()
        answer = await path.hand_over(handover())
        assert time.monotonic() - began < 2.5
        assert (answer.result, why in answer.words) == (PathResult.UNREACHED, True), answer
        server.release()  # an answer that comes now meets nobody
        server.manner = Manner.GOOD
        assert (await path.hand_over(handover())).result is PathResult.TOOK
        assert (await path.heartbeat()).result is PathResult.TOOK


async def test_an_answer_that_comes_twice_is_one_answer() -> None:
    async with BadServer(acking(), Manner.TWICE) as server, running(dc09(server.port)) as path:
        for _ in range(3):
            assert (await path.hand_over(handover())).result is PathResult.TOOK
    assert len(server.heard) == 1


@pytest.mark.parametrize("transport", ["tcp", "udp"])
async def test_where_nobody_listens_it_is_said_at_once(transport: str) -> None:
    async with running(dc09(closed_port(), transport=transport)) as path:
        began = time.monotonic()
        answer = await path.hand_over(handover())
        assert time.monotonic() - began < 1.0
    assert answer.result is PathResult.UNREACHED
    assert answer.words in {"nobody listens there", "the receiver hung up without an answer"}


@pytest.mark.parametrize("transport", ["tcp", "udp"])
async def test_a_name_that_does_not_resolve_is_said(transport: str) -> None:
    async with running(dc09(1, host=NOWHERE, transport=transport, deadline=PATIENT)) as path:
        answer = await path.hand_over(handover())
        probe = await path.probe()
    assert answer.result is PathResult.UNREACHED
    assert answer.words == probe.reason == "the receiver's name does not resolve"
    assert not probe.alive


async def test_an_answer_sealed_with_another_key_is_not_believed() -> None:
    """The wrong certificate of this protocol: whoever acks cannot open what we said."""
    stranger = BadServer(acking_blindly(bytes(range(16))), Manner.GOOD)
    async with stranger, running(dc09(stranger.port, **SEALED)) as path:
        refused = await path.hand_over(handover())
    assert refused.result is PathResult.UNREACHED
    assert "does not open with our key" in refused.words


async def test_credentials_that_the_receiver_does_not_know_meet_silence_in_time(arc: ArcDc09Server) -> None:
    async with running(dc09(arc.port, account="5678", key=bytes(16))) as path:
        answer = await path.hand_over(handover())
    assert (answer.result, answer.words) == (PathResult.UNREACHED, "no answer in time")
    assert told(arc) == []


async def test_stopping_ends_a_try_under_way(arc: ArcDc09Server) -> None:
    arc.orders.for_all(Order(fate=Fate.SILENCE))
    path = dc09(arc.port, deadline=PATIENT)
    await path.start()
    trying = asyncio.create_task(path.hand_over(handover()))
    await until(lambda: arc.record.count == 1)
    await path.stop()
    assert await trying == PathAnswer(PathResult.UNREACHED, "stopped")
    arc.orders.clear()
    async with running(path):
        assert (await path.hand_over(handover())).result is PathResult.TOOK


async def test_a_look_says_nothing_to_the_receiver(arc: ArcDc09Server) -> None:
    async with running(dc09(arc.port)) as path:
        assert (await path.probe()).alive
    assert told(arc) == []
    assert (await dc09(closed_port()).probe()).reason == "nobody listens there"


def test_a_link_test_goes_out_three_times_in_the_agreed_time() -> None:
    assert dc09(1).beat_every is None
    assert dc09(1, supervision=timedelta(seconds=90)).beat_every == timedelta(seconds=30)


def test_the_dry_run_is_the_frame_itself_in_the_clear_and_holds_no_key() -> None:
    said = dc09(1, **SEALED).rehearse(handover())
    assert said.text == (
        '"SIA-DCS"0001R0L0#5678[#5678|Nri1/PA7^Asa Oberg^][H13:02:03,11-22-2026][X018E04.116][Y59N19.758]'
        "[IOverfallslarm kl. 14:02 / Tel 0701740601][LStorgatan 5]_13:02:03,11-22-2026"
    )
    assert said.notes[0] == "goes out encrypted"
    assert "detector_text: signs that do not arrive are written otherwise" in said.notes
    assert KEY.decode() not in repr(dc09(1, **SEALED)._settings)


def test_keys_come_as_hex_or_as_signs_and_a_bad_one_is_not_repeated() -> None:
    assert key_of("30313233343536373839414243444546", "hex") == KEY == key_of("0123456789ABCDEF", "ascii")
    for text, form in (("zz", "hex"), ("åäö", "ascii"), ("0011", "hex")):
        with pytest.raises(ValueError, match="DC-09 key") as refused:
            key_of(text, form)  # type: ignore[arg-type]  # as read from settings
        assert text not in str(refused.value)


@pytest.mark.parametrize("changes", [{"account": "12"}, {"account": "XYZ1"}, {"key": b"short"}])
def test_settings_that_no_receiver_takes_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="DC-09"):
        Dc09Settings(**{"name": "primary", "host": "h", "port": 1, "account": "1234", **changes})


@pytest.mark.skipif(os.environ.get("LARM_MEASURE") != "1", reason="LARM_MEASURE=1 measures")
@pytest.mark.parametrize("sealed", [False, True], ids=["clear", "sealed"])
async def test_how_long_a_hand_over_takes_on_this_machine(arc: ArcDc09Server, sealed: bool) -> None:
    took_ms: list[float] = []
    async with running(dc09(arc.port, deadline=PATIENT, **(SEALED if sealed else {}))) as path:
        for _ in range(1_000):
            began = time.perf_counter()
            assert (await path.hand_over(handover())).result is PathResult.TOOK
            took_ms.append((time.perf_counter() - began) * 1000)
    cuts = statistics.quantiles(took_ms, n=100)
    sys.stderr.write(f"\nDC-09 {'sealed' if sealed else 'clear'}: p50 {cuts[49]:.2f} ms, p99 {cuts[98]:.2f} ms\n")
    assert cuts[98] < 150
