"""The command decode: one line in, one JSON object out, whatever the line."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from click.testing import CliRunner

from larmcentral.decode import MAX_LINE_BYTES, decode, key_bytes

LK = "[3G*8660000001*000B*LK,120,3,81]"
LK_RESULT = {
    "signals": [{"kind": "heartbeat", "device": "8660000001", "battery_pct": 81}],
    "replies": [b"[3G*8660000001*0002*LK]".hex()],
    "rest": 0,
    "error": None,
}


def run(protocol: str, lines: bytes | str, *options: str) -> list[dict[str, Any]]:
    result = CliRunner().invoke(decode, [protocol, *options], input=lines)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout_bytes.splitlines()]


def test_a_frame_may_be_typed_or_given_in_hex() -> None:
    assert run("watch", f"{LK}\n{LK.encode().hex()}\n{LK.encode().hex(' ')}\r\n") == [LK_RESULT] * 3


def test_all_that_the_device_said_is_told_and_nothing_else() -> None:
    frame = (
        "[3G*8660000001*0075*UD_LTE,040326,050607,A,57.930000,N,12.0900000,E,3.60,180,35,9,80,81,120,3,00000000"
        ",1,0,240,07,4660,11259375,54,0,12.0]"
    )
    place = {"lat": 57.93, "lon": 12.09, "accuracy_m": 12.0, "fix_at": "2026-03-04T05:06:07Z", "valid": True}

    (result,) = run("watch", frame)

    assert result["signals"] == [
        {
            "kind": "position",
            "device": "8660000001",
            "event_at": "2026-03-04T05:06:07Z",
            "position": place,
            "battery_pct": 81,
        }
    ]
    assert result["replies"] == []


def test_each_line_is_a_connection_of_its_own_and_rest_counts_what_is_left() -> None:
    half, other = run("watch", f"{LK[:12]}\n{LK[12:]}\n")

    assert (half["signals"], half["rest"], half["error"]) == ([], 12, None)
    assert (other["signals"], other["rest"], other["error"]) == ([], 0, "bytes outside any frame")


def test_with_session_all_lines_are_one_connection() -> None:
    half, whole = run("watch", f"{LK[:12]}\n{LK[12:]}\n", "--session")

    assert (half["signals"], half["rest"]) == ([], 12)
    assert whole == LK_RESULT


def test_an_alarm_whose_wifi_name_opens_a_bracket_too_many_is_settled_at_the_end_of_the_line() -> None:
    frame = "[3G*8660000001*0000*AL,040326,050607,V,0,N,0,E,0,0,0,0,60,40,9,0,00010000,0,1,he[m,02:00:00:00:00:11,-6]"

    (result,) = run("watch", frame)

    assert [signal["kind"] for signal in result["signals"]] == ["panic"]
    assert result["replies"] == [b"[3G*8660000001*0002*AL]".hex()]


@pytest.mark.parametrize(
    "line",
    [
        '{"method":"POST","uri":"/?id=1&alarm=sos","headers":{},"body":""}',
        '{"uri":"/","headers":[["Content-Type","application/x-www-form-urlencoded"]],"body":"id=1&alarm=sos"}',
        '{"method":"post","uri":"/","body":{"device_id":"1","location":{"alarm":"sos"}}}',
        '{"device_id":"1","location":{"alarm":"sos"}}',
        "GET /?id=1&alarm=sos HTTP/1.1",
    ],
)
def test_a_request_may_be_written_in_several_ways(line: str) -> None:
    (result,) = run("osmand", line)

    assert result["signals"] == [{"kind": "panic", "device": "1", "code": "sos"}]
    assert bytes.fromhex(result["replies"][0]) == b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    assert (result["rest"], result["error"]) == (0, None)


def test_owntracks_answers_with_a_list_even_to_a_phone_without_a_name() -> None:
    (result,) = run("owntracks", '{"_type":"encrypted","data":"x"}')

    assert result["signals"] == [{"kind": "unknown", "device": None, "code": "encrypted"}]
    assert bytes.fromhex(result["replies"][0]).endswith(b"\r\n\r\n[]")


@pytest.mark.parametrize("protocol", ["watch", "osmand", "owntracks", "dc09"])
def test_bad_input_is_answered_line_by_line_and_never_ends_the_command(protocol: str) -> None:
    lines = [b"", b"hello", b"\xff\x00\xfe", b"{", b"[" * 1000, b'{"uri":' * 3000, b"00", b"{}", b"null", LK.encode()]

    results = run(protocol, b"\n".join(lines))

    assert len(results) == len(lines)
    assert all(set(result) == {"signals", "replies", "rest", "error"} for result in results)
    assert results[0] == {"signals": [], "replies": [], "rest": 0, "error": None}


def test_a_line_without_end_is_refused_and_the_next_is_read() -> None:
    too_long, next_line = run("watch", b"[" * (MAX_LINE_BYTES + 100) + b"\n" + LK.encode())

    assert "a line of more than" in too_long["error"]
    assert next_line == LK_RESULT


def test_dc09_may_be_typed_without_its_line_ends() -> None:
    (result,) = run("dc09", '2C440027"ADM-CID"0009L0#1234[#1234|1120 01 001]')

    assert [signal["kind"] for signal in result["signals"]] == ["panic"]
    assert result["rest"] == 0


def test_a_key_is_hex_or_the_signs_themselves() -> None:
    assert key_bytes("00" * 16) == bytes(16)
    assert key_bytes("0123456789abcdef") == b"0123456789abcdef"


PRESSED = {"deviceInfo": {"devEui": "70b3d57ed0000017"}, "fPort": 10, "fCnt": 1, "data": "AVE="}


@pytest.mark.parametrize(
    "line",
    [
        {"topic": "application/1/device/70b3d57ed0000017/event/up", "payload": PRESSED},
        {"topic": "x", "payload": json.dumps(PRESSED)},
        {"topic": "x", "payload_base64": base64.b64encode(json.dumps(PRESSED).encode()).decode()},
        PRESSED,
    ],
)
def test_a_publication_is_a_topic_and_a_payload(line: dict[str, Any]) -> None:
    (result,) = run("mqtt", json.dumps(line), "--model", "larmbutton")

    assert result["signals"] == [{"kind": "panic", "device": "70B3D57ED0000017", "battery_pct": 81, "code": "port 10"}]


@pytest.mark.parametrize("line", ["SOS", '{"topic":"x","payload_base64":"%"}', '{"topic":"x"}', "[1,2]", "00ff"])
def test_what_is_no_publication_is_shown_as_unknown_or_as_an_alarm(line: str) -> None:
    (result,) = run("mqtt", line)

    assert [signal["kind"] for signal in result["signals"]][:1] == (["panic"] if line == "SOS" else ["unknown"])


def test_a_document_of_sos_access_is_a_line() -> None:
    document = (
        '<?xml version="1.0" encoding="ISO-8859-1"?><alarmrequest><authentication>Abc123Def456Ghi</authentication>'
        "<receiver>LARM</receiver><transmittertype>SV300</transmittertype><transmittercode>4711</transmittercode>"
        "<eventcode>PA</eventcode></alarmrequest>"
    )

    (result,) = run("sos_access", document)

    assert result["signals"] == [{"kind": "panic", "device": "4711", "code": "PA", "text": "Överfallslarm"}]
    assert b"<status>0</status>" in bytes.fromhex(result["replies"][0])
