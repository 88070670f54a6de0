"""The views that go out are what shapes.py publishes: same names, same types, same JSON."""

from __future__ import annotations

import dataclasses
import re
import types
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from pydantic import BaseModel

from larmcentral.api import (
    shapes,
    shapes_card,
    shapes_desk,
    shapes_feed,
    shapes_orders,
    shapes_persons,
    shapes_phone,
    shapes_places,
    shapes_plans,
    shapes_points,
    shapes_registers,
    shapes_reports,
    shapes_rotas,
    shapes_setup,
    shapes_templates,
    shapes_ways,
    shapes_work,
)
from larmcentral.domain import (
    views,
    views_card,
    views_house,
    views_orders,
    views_persons,
    views_phone,
    views_places,
    views_plans,
    views_points,
    views_reports,
    views_setup,
    views_templates,
    views_ways,
    views_work,
)
from larmcentral.web.tools import shapes as browser
from tests.larmcentral.api.house import ApiHouse, annas_alarm

SHAPES = {
    name: shape
    for source in (
        shapes,
        shapes_work,
        shapes_places,
        shapes_plans,
        shapes_rotas,
        shapes_desk,
        shapes_feed,
        shapes_points,
        shapes_templates,
        shapes_card,
        shapes_ways,
        shapes_orders,
        shapes_persons,
        shapes_phone,
        shapes_setup,
        shapes_registers,
        shapes_reports,
    )
    for name, shape in vars(source).items()
    if isinstance(shape, type) and shape.__module__ == source.__name__
}
SHARED = {
    name: view
    for source in (
        views,
        views_work,
        views_places,
        views_plans,
        views_house,
        views_points,
        views_templates,
        views_card,
        views_ways,
        views_orders,
        views_persons,
        views_phone,
        views_setup,
        views_reports,
    )
    for name, view in vars(source).items()
    if dataclasses.is_dataclass(view)
}


def plain(kind: Any) -> Any:
    """A type as both sides would say it."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Literal:
        return "str"
    if origin in (Union, types.UnionType):
        return frozenset(plain(one) for one in inner)
    if origin in (list, tuple):
        return ("many", plain(inner[0]))
    if origin is dict:
        return ("pairs", *map(plain, inner))
    return kind.__name__


@pytest.mark.parametrize("name", SHARED)
def test_a_view_is_its_shape(name: str) -> None:
    shape: type[BaseModel] = SHAPES[name]
    published = {field: plain(about.annotation) for field, about in shape.model_fields.items()}
    kept = {field: plain(kind) for field, kind in get_type_hints(SHARED[name]).items()}
    assert kept == published


async def test_real_answers_are_valid_shapes(house: ApiHouse) -> None:
    incident = await annas_alarm(house, owner_user_id=house.users["operator.care"])
    await house.town.notice(incident, house.bo)
    await house.town.system_alarm(house.care, "chain_used_up", incident_id=incident, step=1)
    await house.town.unknown_input(house.care, b"\x00\xff")
    async with house.browser("operator.care") as browser:
        queue = shapes.Queue.model_validate_json((await browser.get("/api/incidents")).content)
        detail = shapes.IncidentDetail.model_validate_json((await browser.get(f"/api/incidents/{incident}")).content)
        [device] = (await browser.get("/api/devices")).json()
        [unknown] = (await browser.get("/api/unknown-input")).json()
        persons = (await browser.get("/api/persons")).json()
    assert len(queue.incidents) == len(queue.system_alarms) == len(detail.notices) == 1
    assert len(detail.trail) == len(detail.signals) == 2
    assert shapes_registers.DeviceHealth.model_validate(device).device.battery_pct == 71
    assert shapes_registers.UnknownInput.model_validate(unknown).sample_hex == "00ff"
    assert [shapes_registers.PersonChoice.model_validate(one).name for one in persons] == ["Anna", "Bo"]


async def test_times_end_in_z(house: ApiHouse) -> None:
    await annas_alarm(house)
    async with house.browser("operator.care") as browser:
        queue = (await browser.get("/api/incidents")).json()
    [incident] = queue["incidents"]
    assert queue["server_time"] == incident["opened_at"] == "2026-11-22T12:00:00Z"
    assert incident["responders"][0]["since"] == incident["opened_at"]
    assert incident["next"]["due_at"] == "2026-11-22T12:01:00Z"


async def test_the_browsers_types_are_those_of_the_published_openapi(house: ApiHouse) -> None:
    """Each shape under its name, with exactly its fields; those that leave a field out where the server does not."""
    written = "\n".join(browser.typescript().values())
    fields = {
        name: set(re.findall(r"^  readonly (\w+)\??: ", body, re.MULTILINE))
        for name, body in re.findall(r"^export interface (\w+) \{\n(.*?)^\}", written, re.MULTILINE | re.DOTALL)
    }
    schemas = house.role.app.openapi()["components"]["schemas"]
    assert len(schemas) > 100
    for published, schema in schemas.items():
        name = re.sub(r"-(Input|Output)$", "", published)
        assert fields[name] == schema.get("properties", {}).keys(), name
