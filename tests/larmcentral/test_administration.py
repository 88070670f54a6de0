"""The command line's own work, against a real database."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from escalation.alarm import AlarmKind
from escalation.chain import Channel, DeskTarget, EscalationChain, Medium, PersonTarget, Step
from escalation.ids import ChainId, CommitteeId, ContactPointId, OrganisationId, PersonId
from larmcentral.administration import said, set_pin, who_is_called
from larmcentral.config import Config
from larmcentral.domain.errors import NotFound
from larmcentral.domain.register import ChainChoice, ContactPoint, Home, Person
from larmcentral.domain.views_house import DryCall
from larmcentral.store.named import Unclear
from larmcentral.store.pool import Pool
from larmcentral.store.register import Register
from tests.builders import NOON, Town

BO = PersonId(UUID("01938a1c-0000-7000-8000-0000000000b0"))


async def care(dsn: str) -> tuple[Config, Town]:
    """A committee whose chain tells Bo at once and the desk after a minute."""
    town = await Town.found(dsn)
    committee = await town.committee("Omsorgsnämnden")
    config = Config.model_validate(
        {
            "organisation": {"id": town.organisation, "name": "Älvmården", "committee_id": committee},
            "database": {"dsns": [dsn]},
        }
    )
    steps = (
        Step(targets=(PersonTarget(BO),), media=(Medium.PUSH,), wait=timedelta(seconds=60)),
        Step(targets=(DeskTarget(),), media=(Medium.CONSOLE,), wait=timedelta(seconds=60)),
    )
    point = ContactPoint(id=ContactPointId(town.new_id()), channel=Channel.FCM, address="bo")
    home = Home(OrganisationId(town.organisation), CommitteeId(committee))
    service = Pool([dsn], role="larm_service", size=1, deadline_s=5)
    try:
        register = Register(service)
        await register.person(home, Person(id=BO, name="Bo", contact_points=(point,)))
        chain = EscalationChain(id=ChainId(town.new_id()), version=1, name="Omsorg", steps=steps)
        await register.chain(home, ChainChoice(id=town.new_id(), chain=chain), NOON)
    finally:
        await service.close()
    return config, town


async def test_a_dry_run_names_who_would_be_called(database_dsn: str) -> None:
    config, town = await care(database_dsn)
    try:
        anna = await town.person(config.organisation.committee_id, "Anna")
        calls = await who_is_called(
            config,
            person=anna,
            unit=None,
            committee=None,
            kind=AlarmKind.FALL,
            silent=False,
            at=datetime(2026, 11, 28, 2),  # noqa: DTZ001  # what the clock on the wall shows
        )
        lines = [said(call) for call in calls]
        assert lines[0] == "+0:00:00  step 1    Bo by fcm"
        assert any(line.startswith("+0:01:00  step 2    the operators' desk") for line in lines)
        assert any(line.startswith("+0:02:00") and line.endswith("used up") for line in lines)
        with pytest.raises(NotFound):
            await who_is_called(
                config, person=town.new_id(), unit=None, committee=None, kind=AlarmKind.FALL, silent=False, at=None
            )
    finally:
        await town.close()


async def test_a_dry_run_takes_names_and_goes_to_the_committee_of_whom_they_name(database_dsn: str) -> None:
    config, town = await care(database_dsn)
    try:
        social = await town.committee("Socialnämnden")
        await town.unit(social, "Barn och unga")
        await town.person(config.organisation.committee_id, "Anna Lindqvist")
        asked = {"kind": AlarmKind.FALL, "silent": False, "at": None}
        calls = await who_is_called(config, person="anna lindqvist", unit=None, committee=None, **asked)  # type: ignore[arg-type]
        assert said(calls[0]) == "+0:00:00  step 1    Bo by fcm"
        by_unit = await who_is_called(config, person=None, unit="Barn och unga", committee=None, **asked)  # type: ignore[arg-type]
        by_committee = await who_is_called(config, person=None, unit=None, committee="Socialnämnden", **asked)  # type: ignore[arg-type]
        assert by_unit == by_committee
        assert [call.what for call in by_unit] != [call.what for call in calls]
        with pytest.raises(Unclear, match=r"no person is called 'Anna'; do you mean\n  .* Anna Lindqvist"):
            await who_is_called(config, person="Anna", unit=None, committee=None, **asked)  # type: ignore[arg-type]
    finally:
        await town.close()


async def test_a_worker_who_forgot_his_pins_gets_new_ones(database_dsn: str) -> None:
    config, town = await care(database_dsn)
    try:
        await set_pin(config, person=BO, pin="1234", duress_pin="9999")
        row = await town.connection.fetchrow("SELECT pin_hash, duress_pin_hash FROM persons WHERE id = $1", BO)
        assert row is not None
        assert row["pin_hash"] != row["duress_pin_hash"]
        assert row["pin_hash"].startswith("$argon2id$")
        with pytest.raises(NotFound):
            await set_pin(config, person=town.new_id(), pin="1234", duress_pin="9999")
    finally:
        await town.close()


@pytest.mark.parametrize(
    ("call", "line"),
    [
        (DryCall(after_s=3725.4, what="passed_over", step=2, round=1, why="condition"), "passed over: condition"),
        (
            DryCall(after_s=3725.4, what="told", step=2, round=1, person="Eva", channel="sms", as_of_now=True),
            "Eva by sms (near just now)",
        ),
    ],
)
def test_a_line_tells_when_and_why(call: DryCall, line: str) -> None:
    assert said(call) == f"+1:02:05  step 3    {line}"
