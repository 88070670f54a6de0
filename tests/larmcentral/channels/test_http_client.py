"""Secrets travel encrypted, or not at all."""

from __future__ import annotations

import pytest

from larmcentral.channels.http_client import check_endpoint


@pytest.mark.parametrize(
    "url", ["https://api.example/a", "http://localhost:8080/a", "http://127.0.0.1/a", "http://[::1]:8080/a"]
)
def test_https_everywhere_and_http_on_this_machine(url: str) -> None:
    assert check_endpoint(url) == url


@pytest.mark.parametrize(
    "url",
    ["", "api.example", "http://api.example/a", "http://10.0.0.1/a", "http://localhost.example/a", "ftp://localhost"],
)
def test_anything_else_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="https"):
        check_endpoint(url)
