"""Settings: ``kg.toml`` beside the graph, overlaid by ``MEDKG_*`` in the environment, frozen once read.

Unknown keys are refused: a misspelt setting must not be silently ignored. Secrets (passwords, API keys) are read
from the environment only.
"""

from __future__ import annotations

import hashlib
import os
import tomllib
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from kg.errors import ConfigError

_PACKAGE = Path(__file__).resolve().parent


def bundled(relative: str) -> Path:
    """Return where a file that ships with medkg lies: inside the installed wheel, else in the checkout.

    The path may not exist; whoever opens it says what is missing.
    """
    inside = _PACKAGE / "_bundled" / relative
    return inside if inside.exists() else _PACKAGE.parent / relative


class Settings(BaseSettings):
    """What can be set, with its default. Sizes are in the unit that the name says.

    >>> Settings().max_text_chars
    20000000
    """

    model_config = SettingsConfigDict(env_prefix="MEDKG_", extra="forbid", frozen=True)

    extractor: Path = Field(default_factory=lambda: bundled("models/extractor"))
    terminology: Path = Field(default_factory=lambda: bundled("models/terminology"))
    device: str = "auto"
    languages: tuple[str, ...] = ("en",)
    max_text_chars: int = 20_000_000
    max_file_bytes: int = 2_000_000_000

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment beats the file."""
        return env_settings, init_settings

    def digest(self) -> str:
        """Return a hash of the settings that change what is read; part of the key a document is read under."""
        parts = (self.languages, self.max_text_chars)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def load_settings(folder: Path | None = None) -> Settings:
    """Read ``kg.toml`` in ``folder`` (default: the working directory), if there is one, and the environment.

    Raises ConfigError for a file that is no TOML, an unknown key or a value out of range.
    """
    path = (folder or Path.cwd()) / "kg.toml"
    values: dict[str, Any] = {}
    if path.is_file():
        try:
            values = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError(f"kg.toml is not valid TOML: {error}", file=str(path)) from error
    try:
        return Settings(**values)
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        known = ", ".join(Settings.model_fields)
        raise ConfigError(f"settings are not valid: {problems}; there are: {known}", file=str(path)) from error


def secret(name: str) -> str | None:
    """Return a secret from the environment, or None: secrets never stand in files or on the command line."""
    return os.environ.get(name) or None
