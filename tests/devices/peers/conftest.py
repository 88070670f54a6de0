"""The receivers, by themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from devices.peers.credentials import Credentials, make_credentials


@pytest.fixture(scope="session")
def peer_credentials() -> Credentials:
    return make_credentials()


@pytest.fixture(scope="session")
def peer_folder(peer_credentials: Credentials, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("receivers")
    peer_credentials.write(folder)
    return folder
