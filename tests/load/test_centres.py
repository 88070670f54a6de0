"""What the centres' records say is read as what it was: a case and its answer, or no case at all."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from devices.peers.town import Town
from load.centres import DC09, RECEIVERS, SOS_ACCESS, Recorded, read, settings


def an_entry(**changes: object) -> dict[str, Any]:
    plain = {"notice_id": "0007", "status": 200, "at_monotonic": 5.5, "payload": {"blocks": []}}
    return plain | changes


@pytest.mark.parametrize(
    ("status", "took"),
    [(0, True), (10, True), (4, False), (-1, False)],
    ids=["ok", "had it already", "refused", "not answered"],
)
def test_a_sos_access_alarm_is_known_by_its_reference(status: int, took: bool) -> None:
    entry = an_entry(notice_id="7KQ2-M9XD-0123456789abcdef", status=status)

    assert read(SOS_ACCESS, entry) == Recorded(SOS_ACCESS, "7KQ2-M9XD", 5.5, took=took)


@pytest.mark.parametrize(("status", "took"), [(200, True), (0, False)])
def test_a_dc09_report_is_known_by_the_number_in_its_text(status: int, took: bool) -> None:
    blocks = [["H", "12:00:00,11-22-2026"], ["I", "Overfall kl. 12:00 / Arende 7KQ2-M9XD"]]

    assert read(DC09, an_entry(status=status, payload={"blocks": blocks})) == Recorded(DC09, "7KQ2-M9XD", 5.5, took)


def test_a_heartbeat_is_no_case() -> None:
    assert read(SOS_ACCESS, an_entry(notice_id="", status=0)) is None
    assert read(DC09, an_entry()) is None


def test_settings_lead_each_forwarder_to_both_of_its_receivers(tmp_path: Path) -> None:
    peers = Town(tmp_path / "peers").describe()

    written = tomllib.loads("\n".join(settings(peers, tmp_path, 2.5)))["forwarders"]

    assert set(written) == set(RECEIVERS.values())
    assert [(path["name"], path["transport"]) for path in written[DC09]["paths"]] == [
        ("primary", "tcp"),
        ("secondary", "udp"),
    ]
    assert all(path["deadline_s"] == 2.5 for one in written.values() for path in one["paths"])
    secret = Path(written[SOS_ACCESS]["paths"][0]["password_file"])
    assert len(secret.read_text("utf-8")) == 15
    assert secret.stat().st_mode & 0o077 == 0
