"""What the sections of the settings share: frozen, no key that nobody knows, secrets from a file or the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr

Port = Annotated[int, Field(ge=0, le=65_535)]
Seconds = Annotated[float, Field(gt=0, le=86_400)]
Count = Annotated[int, Field(ge=1, le=100_000)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
Rate = Annotated[float, Field(gt=0, le=100_000)]


class Section(BaseModel):
    """One section of the settings."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def one_secret(said: SecretStr | None, file: Path | None, name: str) -> None:
    """Raise ValueError unless a secret is given exactly once: in a file, or by the environment."""
    if (said is None) == (file is None):
        raise ValueError(f"needs exactly one of {name}_file and (from the environment) {name}")
