"""Nothing of one machine, one registry or one person's keys goes into the repository."""

from __future__ import annotations

import re
from typing import Final

import pytest

from tests.house.files import named, ours, text

# In pieces, so that this file may itself be committed.
REGISTRY_HOSTS: Final = tuple(
    ".".join(pieces)
    for pieces in (
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("registry", "yarnpkg", "com"),
        ("crates", "io"),
        ("proxy", "golang", "org"),
        ("repo", "maven", "apache", "org"),
        ("deb", "debian", "org"),
        ("security", "debian", "org"),
    )
)

# A path that begins at the root of one person's or one build machine's disk.
MACHINE_PATHS: Final = re.compile(
    r"(?<![\w./~-])/(?:" + "|".join(("wor" + "k", "ro" + "ot", "home/[a-z][\\w-]*", "Us" + "ers", "mnt")) + r")/[\w.-]"
)

SECRETS: Final = {
    "a private key": re.compile("-----BEGIN" + r" (?:[A-Z]+ )*PRIVATE KEY-----"),
    "a cloud access key": re.compile(r"\bA" + r"KIA[0-9A-Z]{16}\b"),
    "a repository token": re.compile(r"\bgh" + r"[pousr]_[A-Za-z0-9]{36}\b"),
    "a registry token": re.compile("_auth" + r"Token\s*=|//[^/\s]+/:_password"),
    "a messenger's token": re.compile(r"\bxox" + r"[abprs]-[A-Za-z0-9-]{10,}"),
    "a password in an address": re.compile(r"\b[a-z+]{2,}://[^\s/:@{}$<>]+:[^\s/:@{}$<>]{6,}@"),
}

EXAMPLE_ADDRESSES: Final = re.compile(r"@(?:[\w.-]+\.)?(?:example(?:\.\w+)?|invalid|test|localhost|127\.0\.0\.1)\b")


def test_no_registry_is_named() -> None:
    """Every municipality has its own way to packages; an address in a file would send it another way."""
    found = [
        f"{named(file)} names {host}"
        for file in ours()
        for host in REGISTRY_HOSTS
        if re.search(rf"(?<![\w.-]){re.escape(host)}\b", text(file) or "")
    ]

    assert found == []


def test_no_path_of_one_machine_is_named() -> None:
    found = [
        f"{named(file)}:{number}: {line.strip()[:100]}"
        for file in ours()
        for number, line in enumerate((text(file) or "").splitlines(), 1)
        if MACHINE_PATHS.search(line) and not line.startswith("#!")
    ]

    assert found == []


@pytest.mark.parametrize("kind", SECRETS)
def test_no_secret_is_committed(kind: str) -> None:
    found = [
        f"{named(file)}:{number}"
        for file in ours()
        for number, line in enumerate((text(file) or "").splitlines(), 1)
        if SECRETS[kind].search(line) and not EXAMPLE_ADDRESSES.search(line)
    ]

    assert found == []


@pytest.mark.parametrize(
    ("line", "foul"),
    [
        ("/wor" + "k/main/dev", True),
        ("cd /ho" + "me/anna/larm", True),
        ('"/ro' + 'ot/.cache"', True),
        ("GET /api/home/x", False),
        ("./wo" + "rk/x and a/wo" + "rk/y", False),
        ("/usr/lib/postgresql", False),
    ],
)
def test_the_pattern_of_machine_paths_knows_its_job(line: str, foul: bool) -> None:
    assert bool(MACHINE_PATHS.search(line)) is foul
