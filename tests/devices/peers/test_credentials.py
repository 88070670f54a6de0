"""Keys and certificates that real clients accept, and that only their owner reads."""

from __future__ import annotations

import json
import stat
from pathlib import Path

from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store

from devices.peers.credentials import Credentials, write_secret


def test_the_certificate_holds_before_a_strict_verifier(peer_credentials: Credentials) -> None:
    ca = x509.load_pem_x509_certificate(peer_credentials.ca_pem.encode())
    leaf = x509.load_pem_x509_certificate(peer_credentials.server_pem.encode())

    chain = PolicyBuilder().store(Store([ca])).build_server_verifier(x509.DNSName("localhost")).verify(leaf, [])

    assert chain == [leaf, ca]


def test_files_are_their_owners_only(peer_credentials: Credentials, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    files = peer_credentials.write(folder)
    peer_credentials.write(folder)

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(Path(file).stat().st_mode) for file in files.values()} == {0o600}


def test_a_secret_replaces_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("old and readable")
    write_secret(file, "new")

    assert (file.read_text(), stat.S_IMODE(file.stat().st_mode)) == ("new", 0o600)


def test_the_service_account_has_googles_fields(peer_credentials: Credentials) -> None:
    account = json.loads(peer_credentials.service_account("https://localhost:1/token"))

    assert account["type"] == "service_account"
    assert account["token_uri"] == "https://localhost:1/token"
    assert "PRIVATE KEY" in account["private_key"]
