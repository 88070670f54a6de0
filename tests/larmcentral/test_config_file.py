"""Settings as people write them, right and wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from larmcentral.check_config import check_config, complaints
from larmcentral.config import TOPICS, Config
from larmcentral.config_file import ConfigError, load_config
from larmcentral.endpoint import Broker, Endpoint
from protocols.registry import PROTOCOLS

EXAMPLE = Path(__file__).parents[2] / "ops" / "larmcentral.example.toml"
ORGANISATION = """
[organisation]
id = "018f5c00-0000-7000-8000-000000000001"
name = "Exempelköping"
committee_id = "018f5c00-0000-7000-8000-000000000002"
"""
SMALLEST = ORGANISATION + '[database]\ndata_dir = "data"\n'
WATCH = '[receivers.watch]\nprotocol = "watch"\nlisten = "tcp:port=5093"\n'


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return tmp_path / "larmcentral.toml"


def load(written: Path, text: str) -> Config:
    written.write_text(text)
    return load_config(written)


def refused(written: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        load(written, text)
    assert str(caught.value) == "\n".join(caught.value.complaints)
    return caught.value.complaints


def test_the_example_loads_and_has_nothing_to_complain_of() -> None:
    config = load_config(EXAMPLE)
    assert complaints(config) == ()
    assert {name: receiver.listen.port for name, receiver in config.receivers.items() if receiver.listen} == {
        "watch": 5093,
        "panels": 5094,
        "panels_udp": 5094,
        "phones": 5055,
        "owntracks": 5057,
    }


def test_the_examples_commented_settings_load_as_well(written: Path) -> None:
    after = EXAMPLE.read_text().split("# The ways out", 1)[1].split("[synthetic]")[0]
    commented = "\n".join(found[1] for found in re.finditer(r"^# (\[.+|[a-z_]+ = .+)$", after, re.MULTILINE))
    config = load(written, SMALLEST + commented)
    assert {name for name in type(config.channels).model_fields if getattr(config.channels, name) is None} == set()
    assert [path.protocol for path in config.forwarders["nord"].paths] == ["sos_access", "dc09", "sms"]


def test_paths_count_from_the_files_folder(written: Path) -> None:
    assert load(written, SMALLEST).database.data_dir == written.parent / "data"


def test_the_environment_wins(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LARM_DATABASE__DEADLINE_S", "3")
    monkeypatch.setenv("LARM_RECEIVERS__WATCH__LIMITS__UNDER_WAY", "7")
    monkeypatch.setenv("LARM_CHANNELS__SMS__USERNAME", "u")
    monkeypatch.setenv("LARM_CHANNELS__SMS__PASSWORD", "open sesame")
    monkeypatch.setenv("LARM_CHANNELS__SMS__SENDER", "Larm")
    config = load(written, SMALLEST + WATCH)
    assert config.database.deadline_s == 3.0
    assert config.receivers["watch"].limits.under_way == 7
    assert config.receivers["watch"].listen == Endpoint("tcp", 5093)
    assert config.channels.sms is not None
    assert config.channels.sms.password is not None
    assert config.channels.sms.password.get_secret_value() == "open sesame"
    assert "open sesame" not in repr(config)


def test_the_environment_alone_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LARM_ORGANISATION__ID", "018f5c00-0000-7000-8000-000000000001")
    monkeypatch.setenv("LARM_ORGANISATION__NAME", "Exempelköping")
    monkeypatch.setenv("LARM_ORGANISATION__COMMITTEE_ID", "018f5c00-0000-7000-8000-000000000002")
    monkeypatch.setenv("LARM_DATABASE__DSNS", '["postgresql://larm:open@db/larm"]')
    config = load_config(None)
    assert [dsn.get_secret_value() for dsn in config.database.dsns] == ["postgresql://larm:open@db/larm"]


def test_settings_are_frozen(written: Path) -> None:
    config = load(written, SMALLEST)
    with pytest.raises(ValueError, match="frozen"):
        config.http.port = 1  # type: ignore[misc]  # what the test is about
    with pytest.raises(ValueError, match="frozen"):
        config.http = config.http  # type: ignore[misc]  # what the test is about


def test_every_mistake_is_said_at_once_with_its_path(written: Path) -> None:
    text = """
[organisation]
name = ""
[database]
data_dir = "x"
pool = 3
[http]
port = 99999
[receivers.Watch]
protocol = "watch"
listen = "tcp:port=1"
[receivers.panels]
protocol = "dc10"
listen = "quic:port=1"
committee = "x"
[receivers.phones]
protocol = "osmand"
listen = "udp:port=5055"
[receivers.phones2]
protocol = "osmand"
listen = "tcp:port=5055"
limits = { under_way = 0 }
[nonsense]
"""
    assert set(refused(written, text)) == {
        "organisation.id: is missing",
        "organisation.name: String should have at least 1 character",
        "organisation.committee_id: is missing",
        "database.pool: is no setting of ours; see ops/larmcentral.example.toml",
        "http.port: Input should be less than or equal to 65535",
        "receivers.Watch.[key]: a receiver's name has small letters, digits and _, up to 32",
        f"receivers.panels.protocol: no such protocol; there are {', '.join(sorted(PROTOCOLS))}",
        "receivers.panels.listen: 'quic' is no transport; there are tcp, tcp6, ssl, udp",
        "receivers.panels.committee: is no setting of ours; see ops/larmcentral.example.toml",
        "receivers.phones: osmand is spoken over HTTP: listen on tcp or ssl",
        "receivers.phones2.limits: under_way must be above zero",
        "nonsense: is no setting of ours; see ops/larmcentral.example.toml",
    }


def test_numbers_that_may_be_added_are_named_by_how_they_begin(written: Path) -> None:
    assert load(written, SMALLEST).channels.allowed_countries == ("+46", "+45", "+47", "+358", "+354")
    mobiles = load(written, SMALLEST + '[channels]\nallowed_countries = ["+467"]\n')
    assert mobiles.channels.allowed_countries == ("+467",)
    for wrong in ("46", "+", "+046", "Sverige"):
        said = refused(written, SMALLEST + f'[channels]\nallowed_countries = ["{wrong}"]\n')
        assert said[0].startswith("channels.allowed_countries.0"), said


def test_secrets_do_not_belong_into_the_file_and_are_not_repeated(written: Path) -> None:
    word = "sesame"
    text = SMALLEST.replace('data_dir = "data"', f'dsns = ["postgresql://larm:{word}@db/larm"]')
    said = refused(written, text + '[channels.sms]\npassword = "sesame"\nreceipt_secret = "sesame"\n')
    assert [line.partition(":")[0] for line in said] == [
        "database.dsns",
        "channels.sms.password",
        "channels.sms.receipt_secret",
    ]
    assert "LARM_CHANNELS__SMS__PASSWORD" in said[1]
    assert "sesame" not in "".join(said)


@pytest.mark.parametrize(
    ("database", "words"),
    [
        ("", "database: needs exactly one of dsns, dsns_file and data_dir"),
        ('data_dir = "x"\ndsns_file = "y"', "database: needs exactly one of dsns, dsns_file and data_dir"),
        ('data_dir = "x"\ndeadline_s = 0', "database.deadline_s: Input should be greater than 0"),
    ],
)
def test_the_database_is_said_once(written: Path, database: str, words: str) -> None:
    assert refused(written, f"{ORGANISATION}[database]\n{database}\n") == (words,)


def test_a_file_that_cannot_be_read_is_said(written: Path) -> None:
    assert check_config(written) == (f"{written}: cannot be read: No such file or directory",)
    written.write_text("[organisation")
    assert check_config(written)[0].startswith(f"{written}: is not TOML: ")
    written.write_bytes(b"\xff")
    assert check_config(written)[0].startswith(f"{written}: is not TOML: ")


def test_a_variable_of_no_section_is_said(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LARM_DATABSE__DEADLINE_S", "3")
    monkeypatch.setenv("LARM_CONFIG", "a variable of somebody else")
    assert refused(written, SMALLEST) == ("LARM_DATABSE__DEADLINE_S: there is no section databse",)


def test_a_variable_that_is_not_json_is_said(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LARM_RECEIVERS", "no json")
    assert "receivers" in refused(written, SMALLEST)[0]


def test_what_keeps_the_server_from_its_work_is_said(written: Path) -> None:
    (written.parent / "empty").touch()
    (written.parent / "data").touch()
    text = (
        ORGANISATION
        + 'zone = "Europe/Exempelköping"\n'
        + """
[database]
data_dir = "data"
[http]
port = 5093
origin = "http://larm"
[receivers.watch]
protocol = "watch"
listen = "tcp:port=5093"
[receivers.panels]
protocol = "dc09"
listen = "udp:port=5093"
[receivers.safe]
protocol = "dc09"
listen = "ssl:port=5094:privateKey=/nowhere/key.pem"
[channels.apns]
key_file = "missing.p8"
key_id = "k"
team_id = "t"
topic = "x"
[channels.sms]
username = "u"
password_file = "empty"
sender = "Larm"
delivered_url = "https://larm/delivered"
"""
    )
    written.write_text(text)
    folder = written.parent
    assert check_config(written) == (
        "organisation.zone: Europe/Exempelköping is no time zone that this machine knows",
        f"channels.apns.key_file: {folder}/missing.p8 is not there",
        f"channels.sms.password_file: {folder}/empty is empty",
        "receivers.safe.listen: /nowhere/key.pem is not there",
        "receivers.watch.listen and http.port: both ask for TCP port 5093",
        "http.secure_cookies: no browser sends them to an http:// origin; nobody could log in",
        "channels.sms.receipt_secret_file: is needed with delivered_url, or anyone could report deliveries",
        f"database.data_dir: {folder}/data is no folder",
    )


def test_a_centre_without_receivers_is_said(written: Path) -> None:
    written.write_text(SMALLEST)
    assert check_config(written) == ("receivers: there is none, so no device can reach this centre",)


def test_a_secret_of_answers_that_is_too_short_is_said(written: Path) -> None:
    written.write_text(f'{SMALLEST}[answers]\nsecret_file = "answers"\n')
    (written.parent / "answers").write_text("short\n")
    assert check_config(written)[0] == f"answers.secret_file: {written.parent}/answers holds fewer than 16 bytes"
    (written.parent / "answers").write_text("long enough to be one\n")
    assert check_config(written) == ("receivers: there is none, so no device can reach this centre",)


def test_a_secret_that_we_may_not_read_is_said_and_not_opened(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (written.parent / "answers").write_text("short")
    written.write_text(f'{SMALLEST}[answers]\nsecret_file = "answers"\n')
    monkeypatch.setattr("os.access", lambda path, mode: Path(path).name != "answers")  # root may read everything
    said = [one for one in check_config(written) if "answers" in one]
    assert said == [f"answers.secret_file: {written.parent}/answers cannot be read by this user"]


def test_a_sealing_key_that_is_none_is_said(written: Path) -> None:
    written.write_text(f'{SMALLEST}[secrets]\nsealing_key_file = "key"\nsealing_key_previous_file = "old"\n')
    (written.parent / "key").write_text("11" * 32)
    (written.parent / "old").write_text("22" * 31)
    assert check_config(written)[0].startswith("secrets.sealing_key_previous_file: must be 32 bytes")
    (written.parent / "old").write_text("22" * 32)
    assert check_config(written) == ("receivers: there is none, so no device can reach this centre",)


def test_with_a_database_elsewhere_a_missing_sealing_key_is_said(written: Path) -> None:
    organisation = SMALLEST.partition("[database]")[0]
    written.write_text(f'{organisation}[database]\ndsns = ["postgresql://db/larm"]\n')
    assert check_config(written)[0].startswith("secrets.sealing_key_file: is missing")


@pytest.mark.parametrize(("number", "good"), [("0303-12 34 56", True), ("+46 303 123456", True), ("ring oss", False)])
def test_the_number_on_the_operators_card_is_one(written: Path, number: str, good: bool) -> None:
    text = SMALLEST.replace("[organisation]", f'[organisation]\ncall_back = "{number}"')
    if good:
        assert load(written, text).organisation.call_back == number
    else:
        assert refused(written, text)[0].startswith("organisation.call_back: ")


NORTH = """
[forwarders.nord]
label = "Nordlarm"
[[forwarders.nord.paths]]
protocol = "dc09"
name = "primary"
host = "arc.example"
port = 5000
account = "1234"
key_file = "arc.key"
[[forwarders.nord.paths]]
protocol = "sms"
name = "jour"
number = "+46101234567"
"""


def test_paths_in_lists_of_tables_count_from_the_files_folder_too(written: Path) -> None:
    [dc09, jour] = load(written, SMALLEST + NORTH).forwarders["nord"].paths
    assert dc09.key_file == written.parent / "arc.key"  # type: ignore[union-attr]  # it is the one with a key
    assert (dc09.character_set, jour.protocol) == ("ascii", "sms")  # type: ignore[union-attr]  # as above


def test_a_secret_in_a_list_of_tables_is_refused_and_the_file_is_named(written: Path) -> None:
    told = SMALLEST + NORTH.replace('key_file = "arc.key"', 'key = "0123456789ABCDEF"')
    [words] = refused(written, told)
    assert words == "forwarders.nord.paths.0.key: a secret does not belong into this file; use key_file"
    assert "0123456789ABCDEF" not in words


def test_files_of_centres_and_ways_that_are_not_there_are_said(written: Path) -> None:
    folder = written.parent
    written.write_text(SMALLEST + WATCH + NORTH)
    without_sms = "forwarders.nord.paths.1: there is no channels.sms and no channels.smpp that it could go by"
    assert check_config(written) == (
        f"forwarders.nord.paths.0.key_file: {folder}/arc.key is not there",
        without_sms,
    )
    (folder / "arc.key").write_text("not hex\n")
    assert check_config(written)[0] == (
        f"forwarders.nord.paths.0.key_file: {folder}/arc.key holds no key of 16, 24 or 32 bytes written in hex"
    )
    (folder / "arc.key").write_text("00112233445566778899AABBCCDDEEFF\n")
    assert check_config(written) == (without_sms,)


def test_a_password_of_sos_access_has_fifteen_signs(written: Path) -> None:
    centre = """
[forwarders.sos]
label = "SOS"
single_receiver = true
[[forwarders.sos.paths]]
protocol = "sos_access"
name = "primary"
host = "sos.example"
port = 19100
receiver = "42"
transmitter_code = "4711"
transmitter_type = "SV300"
password_file = "sos"
"""
    written.write_text(SMALLEST + WATCH + centre)
    file = written.parent / "sos"
    file.write_text("fourteen signs\n")
    assert check_config(written) == (f"forwarders.sos.paths.0.password_file: {file} does not hold exactly 15 signs",)
    file.write_text("fifteen signs!!\n")
    assert check_config(written) == ()


LORA = '[receivers.lora]\nprotocol = "mqtt"\nbroker = "mqtt://127.0.0.1:1883"\n'


def test_a_subscription_names_a_broker_and_what_to_hear(written: Path) -> None:
    lora = load(written, SMALLEST + LORA + 'topics = ["town/#"]\nuser = "larm"\npassword_file = "lora"\n').receivers[
        "lora"
    ]
    assert (lora.broker, lora.topics, lora.listen) == (Broker("127.0.0.1", 1883), ("town/#",), None)
    assert lora.password_file == written.parent / "lora"
    assert load(written, SMALLEST + LORA).receivers["lora"].topics == TOPICS


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (LORA + 'listen = "tcp:port=1"\n', "receivers.lora: mqtt is subscribed to: give broker, and no listen"),
        ('[receivers.lora]\nprotocol = "mqtt"\n', "receivers.lora: mqtt is subscribed to: give broker, and no listen"),
        (LORA + "topics = []\n", "receivers.lora.topics: Tuple should have at least 1 item after validation, not 0"),
        (
            LORA.replace("mqtt://", "mqtt://larm:x@"),
            "receivers.lora.broker: user and password are settings of their own, not parts of the broker's address",
        ),
        (
            WATCH + 'client_id = "larm"\n',
            "receivers.watch: watch is listened to: broker, topics, user and the like are for mqtt",
        ),
        ('[receivers.watch]\nprotocol = "watch"\n', "receivers.watch: listen is missing, as in tcp:port=5093"),
    ],
)
def test_what_does_not_go_together_in_a_subscription_is_said(written: Path, text: str, complaint: str) -> None:
    assert refused(written, SMALLEST + text) == (complaint,)


def test_what_a_subscription_would_stumble_over_is_said_before(written: Path) -> None:
    open_network = LORA.replace("127.0.0.1", "broker.example") + 'user = "larm"\nclient_id = "a"\nca_file = "ca.pem"\n'
    again = open_network.replace("[receivers.lora]", "[receivers.again]")
    (written.parent / "ca.pem").write_text("x")
    (written.parent / "lora").write_text("x")
    alone = LORA.replace("[receivers.lora]", "[receivers.alone]") + 'password_file = "lora"\n'
    assert complaints(load(written, SMALLEST + open_network + again + alone)) == (
        "receivers.lora.ca_file: is for mqtts:// only",
        "receivers.lora.broker: the password would go over the network in the clear; use mqtts://",
        "receivers.again.ca_file: is for mqtts:// only",
        "receivers.again.broker: the password would go over the network in the clear; use mqtts://",
        "receivers.again.client_id: receivers.lora has the same at that broker",
        "receivers.alone.user: is missing beside its password",
    )
