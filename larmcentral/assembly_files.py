"""Secrets: from the environment, from the files that the settings name, or made once where only we need them."""

from __future__ import annotations

import hashlib
import hmac
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from larmcentral.config import Config

SECRET_BYTES: Final = 32


def answers_secret(config: Config) -> bytes | None:
    """Return what signs answers and proofs; the same in all processes, or None: then neither is offered.

    From the settings, else made of the sealing key there, else made once and kept beside an embedded database.
    """
    said = secret(config.answers.secret, config.answers.secret_file)
    if said is not None:
        return said.encode()
    sealing = secret(config.secrets.sealing_key, config.secrets.sealing_key_file)
    if sealing is not None:
        return hmac.new(sealing.encode(), b"answers", hashlib.sha256).hexdigest().encode()
    folder = config.database.data_dir
    if folder is None:
        return None
    path = folder.with_name(f"{folder.name}-answers.key")
    if not path.exists():
        make_secret(path)
    return path.read_bytes().strip()


def make_secret(path: Path) -> None:
    """Make a secret of SECRET_BYTES in hex, once, under a name that others look for at the same time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, made = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(os.urandom(SECRET_BYTES).hex())
            file.flush()
            os.fsync(descriptor)  # a power cut must not leave an empty secret under the name that counts
        with suppress(FileExistsError):  # another process was first: its secret counts
            os.link(made, path)
    finally:
        os.unlink(made)


def secret(said: SecretStr | None, file: Path | None) -> str | None:
    """Return a secret from the environment or from its file, without the line's end; None if there is neither."""
    if said is not None:
        return said.get_secret_value()
    return None if file is None else file.read_text("utf-8").strip()


def secret_text(said: SecretStr) -> str:
    """Return the text of a secret setting."""
    return said.get_secret_value()


def _path(path: Path | None) -> str | None:
    return None if path is None else str(path)
