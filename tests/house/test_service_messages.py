"""What the house says of itself may leave it without being an alarm: so one place alone says it, and knows no alarm."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Final

from tests.house.files import ROOT, imported, named, sources, tree

SENDER: Final = ROOT / "larmcentral" / "flows" / "service_messages.py"
OF_ALARMS: Final = (
    "escalation.alarm",
    "escalation.decide",
    "escalation.effects",
    "escalation.events",
    "escalation.incident",
    "escalation.purpose",
    "escalation.session",
    "larmcentral.domain.record",
    "larmcentral.domain.signal",
    "larmcentral.domain.timeline",
    "larmcentral.domain.vigil",
    "larmcentral.flows.alarms",
    "larmcentral.flows.escalate",
    "larmcentral.flows.intake",
    "larmcentral.flows.outbox",
    "larmcentral.flows.settling",
    "larmcentral.store",
    "protocols",
)
NOTICES: Final = frozenset({"Forward", "InHouse", "NoticeText", "OutgoingNotice", "Outward", "Case"})
LEARNS_FROM: Final = frozenset(
    {
        "larmcentral.domain.contact",
        "larmcentral.domain.proof",
        "larmcentral.domain.service",
        "larmcentral.domain.service_words",
    }
)
"""What a message is made of: none of these knows an alarm either."""


def test_one_flow_alone_builds_a_service_message() -> None:
    built = [named(file) for file in sources(".py") if file != SENDER and _builds(tree(file))]

    assert built == []
    assert _builds(tree(SENDER)), "then this test looks for something that nobody does"


def test_that_flow_and_what_it_words_know_no_alarm_and_no_notice() -> None:
    for file in (SENDER, *(ROOT / f"{name.replace('.', '/')}.py" for name in sorted(LEARNS_FROM))):
        assert _of_alarms(file) == [], named(file)


def test_a_row_of_service_messages_names_no_incident() -> None:
    whole = "\n".join(file.read_text() for file in sources(".sql"))
    created = whole.partition("CREATE TABLE service_messages (")[2].partition(");")[0]

    assert "point_id" in created
    assert "incident" not in created
    assert "vigil" not in created


def test_however_it_is_built_it_is_found() -> None:
    for code in ("ServiceMessage(id=1)", "notice.ServiceMessage(id=1)", "replace(a_service_message, body='x')"):
        assert _builds(ast.parse(code)), code
    for code in ("isinstance(x, ServiceMessage)", "ServiceMessages(means)", "replace(text, body='x')"):
        assert not _builds(ast.parse(code)), code


def _builds(module: ast.Module) -> bool:
    for node in ast.walk(module):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func).rpartition(".")[2]
        if called == "ServiceMessage":
            return True
        if called == "replace" and node.args and "service_message" in ast.unparse(node.args[0]):
            return True
    return False


def _of_alarms(file: Path) -> list[str]:
    return [
        name
        for name in imported(file)
        if any(name == one or name.startswith(f"{one}.") for one in OF_ALARMS) or name.rpartition(".")[2] in NOTICES
    ]
