"""Requests that are right but for one value: what a route's own checks see only behind those of its shape."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any, Final

from schemathesis import APIOperation, Case

from tests.spite.asking import common
from tests.spite.table import TABLE, WORDS, filled

ODD_WORDS: Final = (
    "", " ", "\x00", "a\x00b", "å" * 5000, "\ud7ff\ue000", "﷽", "'; DROP TABLE incidents; --", "%s%n", "{0.__class__}",
    "../../etc/passwd", "<script>", "0", "-1", "null", "true", "1e999", "٣", "\r\nSet-Cookie: a=b", "𝕏" * 300,
    "00000000-0000-0000-0000-000000000000", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00Z", "2026-03-29T02:30:00+01:00", "0001-01-01", "9999-12-31", "24:00:00", "+46701740601",
)  # fmt: skip
ODD: Final[tuple[Any, ...]] = (
    *ODD_WORDS, None, True, False, 0, -1, 1, 2**31 - 1, 2**31, 2**53 + 1, 2**63, -(2**63) - 1, 10**40, 0.1, -0.0, 1e308,
    5e-324, [], {}, [None], [[]], {"": ""}, [0] * 300,
)  # fmt: skip


def nearly_right(
    operation: APIOperation[Any, Any, Any, Any], things: Mapping[str, str], count: int, chance: Random
) -> Iterator[Case[Any]]:
    """Give the route's own request, and then some with one value replaced, left out, or put beside."""
    row, names = TABLE[operation.method.upper(), operation.path], {**common(), **things}
    path = {name: names[name] for name in _names(operation) if name in names or name in WORDS}
    if not isinstance(row.body, dict) or not row.body:
        if not row.last:
            yield operation.Case(path_parameters=path)
        return
    right = filled(row.body, names)
    for number in range(count):
        body = copy.deepcopy(right)
        if number or row.last:
            _spoil(body, chance)
        yield operation.Case(path_parameters=path, body=body, media_type="application/json")


def _names(operation: APIOperation[Any, Any, Any, Any]) -> list[str]:
    return [str(one.name) for one in operation.path_parameters]


def _spoil(body: Any, chance: Random) -> None:
    """Change one value of it, at any depth."""
    holder, key = chance.choice(list(_leaves(body)))
    match chance.randrange(8):
        case 0 if isinstance(holder, dict):
            del holder[key]
        case 1 if isinstance(holder, list):
            holder.extend(holder * 30)
        case _:
            holder[key] = copy.deepcopy(chance.choice(ODD))


def _leaves(body: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a body that holds something."""
    inside = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for key, inner in inside:
        yield body, key
        yield from _leaves(inner)
