"""Models of devices from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from larmcentral.administration_models import list_models, remove_model, set_model
from larmcentral.cli import main
from larmcentral.config import Config
from larmcentral.domain.errors import NotFound
from tests.builders import Town


async def test_models_are_set_listed_and_removed(database_dsn: str) -> None:
    town = await Town.found(database_dsn)
    committee = await town.committee("Omsorgsnämnden")
    config = Config.model_validate(
        {
            "organisation": {"id": town.organisation, "name": "Älvmården", "committee_id": committee},
            "database": {"dsns": [database_dsn]},
        }
    )
    await set_model(config, imei_prefix="8660", model="EV-07")
    await set_model(config, imei_prefix="8660", model="EV-07B")
    assert await list_models(config) == {"8660": "EV-07B"}
    await remove_model(config, imei_prefix="8660")
    with pytest.raises(NotFound):
        await remove_model(config, imei_prefix="8660")
    await town.close()


@pytest.mark.parametrize(("prefix", "model"), [("86x", "EV-07"), ("866", "EV-07"), ("8660", " "), ("8660", "x" * 81)])
def test_what_is_no_beginning_or_no_model_is_refused_in_words(tmp_path: Path, prefix: str, model: str) -> None:
    said = CliRunner().invoke(main, ["admin", "models", "set", prefix, model])
    assert said.exit_code == 2
    assert "digits of an IMEI" in said.output or "1 to 80 signs" in said.output
