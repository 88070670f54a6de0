"""From settings to contracted centres: each path of its kind, in the order of trying, with the key as written."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from escalation.chain import Channel
from escalation.ids import OrganisationId
from larmcentral.assembly_forwarders import forwarders, outlines, ways_to_centres
from larmcentral.clock import SystemClock
from larmcentral.config_file import load_config
from larmcentral.domain.forwarding import Speech
from larmcentral.flows.forwarder_book import ForwarderBook
from tests.fakes.memory_store import MemoryStore

SETTINGS = """
[organisation]
id = "018f5c00-0000-7000-8000-000000000001"
name = "Exempelköping"
committee_id = "018f5c00-0000-7000-8000-000000000002"
[database]
data_dir = "database"
[forwarders.nord]
label = "Larmcentral Nord"
[[forwarders.nord.paths]]
protocol = "sos_access"
name = "primary"
host = "sos.example"
port = 19100
receiver = "LARM"
transmitter_code = "4711"
transmitter_type = "SV300"
password_file = "password"
[[forwarders.nord.paths]]
protocol = "dc09"
name = "other"
host = "arc.example"
port = 5095
account = "0A17"
key_file = "key"
key_form = "{form}"
[[forwarders.nord.paths]]
protocol = "sms"
name = "telephone"
number = "+46980319204"
"""


def settings(tmp_path: Path, *, form: str = "hex", key: str = "00112233445566778899aabbccddeeff") -> Path:
    (tmp_path / "password").write_text("abcdefghijklmno\n")
    (tmp_path / "key").write_text(key + "\n")
    file = tmp_path / "larmcentral.toml"
    file.write_text(SETTINGS.replace("{form}", form))
    return file


def book() -> ForwarderBook:
    organisation_id = OrganisationId(UUID(int=1))
    return ForwarderBook(MemoryStore(SystemClock()), organisation_id, SystemClock())


def test_a_forwarder_has_its_paths_in_the_order_of_the_settings(tmp_path: Path) -> None:
    config = load_config(settings(tmp_path))
    (nord,) = forwarders(config, SystemClock(), book(), None, [])
    assert nord.name == "nord"
    assert [path.speech for path in outlines(config)["nord"].paths] == [
        Speech.SOS_ACCESS,
        Speech.DC09_SIA,
        Speech.NUMBER,
    ]


def test_each_forwarder_is_a_way_out_of_its_own(tmp_path: Path) -> None:
    (way,) = ways_to_centres(forwarders(load_config(settings(tmp_path)), SystemClock(), book(), None, []))
    assert (way.provider, way.channel, way.receiver) == ("receiver:nord", Channel.RECEIVER, "nord")


@pytest.mark.parametrize(
    ("form", "key"),
    [("hex", "00112233445566778899aabbccddee"), ("hex", "no hex at all"), ("ascii", "för kort"), ("ascii", "short")],
)
def test_a_key_that_is_not_written_as_said_stops_the_start_and_is_not_shown(
    tmp_path: Path, form: str, key: str
) -> None:
    with pytest.raises(ValueError, match="key") as refused:
        forwarders(load_config(settings(tmp_path, form=form, key=key)), SystemClock(), book(), None, [])
    assert key not in str(refused.value)


def test_the_same_signs_are_another_key_in_another_form(tmp_path: Path) -> None:
    for form in ("hex", "ascii"):  # 32 signs are both: 16 bytes or 32
        assert forwarders(load_config(settings(tmp_path, form=form)), SystemClock(), book(), None, [])
