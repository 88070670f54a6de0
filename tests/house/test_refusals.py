"""Whoever is refused reads why: every reason that the code can give has its words on the screen."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from larmcentral.calendars.fault import CalendarFault
from larmcentral.flows.sessions import NO_PRE_ALARM, NO_SESSION
from tests.house.files import ROOT, ours

WORDS: Final = tuple(
    ROOT / "larmcentral" / "web" / "shared" / "words" / f"{name}.sv.ts" for name in ("common", "account")
)
"""What a phone can meet and what only a desk can. The English ones beside them are complete by the web's own test."""
RAISED: Final = frozenset({"Refused", "RefusedByRule", "Refusal", "NotAllowed", "problem"})
PASSED_ON: Final = frozenset({"refused.reason", "verdict.reason", "allowed.reason", "error.reason", "refused"})
"""Reasons that were given elsewhere and are only handed on."""
WITHOUT_A_SCREEN: Final = frozenset({"receivers"})
"""A device that is turned away reads no words."""
ELSEWHERE: Final = frozenset({NO_SESSION, NO_PRE_ALARM, *(fault.value for fault in CalendarFault)})
"""Reasons that are kept in names of their own."""


def test_every_reason_for_a_refusal_has_words() -> None:
    said = "".join(file.read_text() for file in WORDS)
    unsaid = {
        f"{reason} ({file.relative_to(ROOT)})"
        for file in _sources()
        for reason in _reasons(ast.parse(file.read_text()))
        if f'\n  refused_{reason}: "' not in said
    }
    unsaid |= {reason for reason in ELSEWHERE if f'\n  refused_{reason}: "' not in said}
    assert unsaid == set()


def test_a_reason_is_found_however_it_is_written() -> None:
    code = 'A = "a"\nraise Refused(A)\nRefusal(409, "b")\nNotAllowed(reason="c" if x else "d")\n'
    code += 'W = {4: "g"}\nproblem(404, W.get(4, "e"))\nreplace(decision, refused="f")\nRefused(verdict.reason)\n'
    assert sorted(_reasons(ast.parse(code))) == ["a", "b", "c", "d", "e", "f", "g"]


def _sources() -> Iterator[Path]:
    for file in ours():
        parts = file.relative_to(ROOT).parts
        if file.suffix == ".py" and parts[0] in {"escalation", "larmcentral"} and not WITHOUT_A_SCREEN & set(parts):
            yield file


def _reasons(tree: ast.Module) -> Iterator[str]:
    for call in ast.walk(tree):
        if isinstance(call, ast.Call):
            for argument in _given(call):
                if ast.unparse(argument) not in PASSED_ON:
                    yield from _texts(argument, tree)


def _given(call: ast.Call) -> Iterator[ast.expr]:
    """The argument that is a reason: by its name, or the first that is no number."""
    named = getattr(call.func, "id", getattr(call.func, "attr", ""))
    by_name = {keyword.arg: keyword.value for keyword in call.keywords}
    refused = by_name.get("refused")
    if named in {"replace", "VigilDecision"} and refused is not None and not _is_sum(refused):
        yield refused
    if named in RAISED:
        if "reason" in by_name:
            yield by_name["reason"]
        elif len(call.args) > 1 and named in {"Refusal", "problem"} and not isinstance(call.args[1], ast.Tuple):
            yield _second_or_first(call)
        elif call.args:
            yield call.args[0]


def _is_sum(given: ast.expr) -> bool:
    """True for a count of tries that were refused, which is a number and no reason."""
    return isinstance(given, ast.BinOp) and ".refused" in ast.unparse(given)


def _second_or_first(call: ast.Call) -> ast.expr:
    """The API says a status before the reason; the core has none."""
    first = call.args[0]
    return first if isinstance(first, ast.Constant) and isinstance(first.value, str) else call.args[1]


def _texts(argument: ast.expr, tree: ast.Module) -> Iterator[str]:
    """The texts it may come to; of a name, all that the module ever gives to it."""
    match argument:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=one, orelse=other):
            yield from _texts(one, tree)
            yield from _texts(other, tree)
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="get"), args=[_, otherwise]):
            yield from _texts(otherwise, tree)
            for table in _assigned(tree, name):
                assert isinstance(table, ast.Dict), f"a reason that nobody can look up: {name}"
                for value in table.values:
                    yield from _texts(value, tree)
        case ast.Name(id=name):
            found = [text for value in _assigned(tree, name) for text in _texts(value, tree)]
            assert found, f"a reason that nobody can look up: {name}"
            yield from found
        case _:
            raise AssertionError(f"a reason that nobody can look up: {ast.unparse(argument)}")


def _assigned(tree: ast.Module, name: str) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                yield value
            case ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value) if target == name:
                yield value
