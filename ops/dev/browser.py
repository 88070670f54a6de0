"""Debian's Chromium for the browser tests. Without it they are skipped by name, and everything else runs."""

from __future__ import annotations

import os
import shutil
from typing import Final

from dev.steps import Trouble, step

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")


def install_chromium() -> None:
    """Install it where we may and where it is missing; say so in a sentence where we cannot."""
    if any(shutil.which(name) for name in NAMES):
        return
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        print("  no Chromium here, so the browser tests are skipped ('apt-get install chromium' as root brings it)")
        return
    remedy = "the browser tests are skipped; 'apt-get install chromium' brings it"
    quietly = {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        step("ask Debian for its packages", [apt, "update", "-q"], remedy=remedy, more=quietly)
        options = ("-q", "-y", "--no-install-recommends")
        step("install Chromium", [apt, "install", *options, "chromium"], remedy=remedy, more=quietly)
    except Trouble as trouble:
        print(f"  {str(trouble).splitlines()[0]}", flush=True)
