"""What the papers of all kinds of runs say alike: facts, targets, logs, and the head of a page. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape

from load.afterwards import Check
from load.html import document, marked
from load.machine import Machine
from load.report import Verdict


def fact_words(checks: Iterable[Check]) -> Iterable[str]:
    """Return the lines on what must hold."""
    yield "\nFacts"
    for one in checks:
        yield f"  {'ok ' if one.holds else 'NO '} {one.what}: {one.found} (must be {one.expected})"


def target_words(verdicts: Iterable[Verdict]) -> Iterable[str]:
    """Return the lines on what is wanted."""
    yield "\nTargets"
    yield from (f"  {one.words}" for one in verdicts)


def last_words(complaints: Sequence[str], *, holds: bool) -> Iterable[str]:
    """Return what the logs said, and the end of the paper."""
    if complaints:
        yield "\nFrom the logs"
        yield from (f"  {line}" for line in complaints)
    yield f"\n{'All facts hold.' if holds else 'NOT ALL FACTS HOLD.'}"


def sheet(
    title: str,
    machine: Machine,
    began_at: datetime,
    command: str,
    verdicts: Iterable[Verdict],
    checks: Iterable[Check],
    body: str,
    text: str,
) -> str:
    """Return a whole page. body: HTML, after targets and facts. text: the report of the terminal, set at its end."""
    return document(
        title,
        "".join(
            (
                f"<h1>{escape(title)}</h1>",
                f"<p>{began_at:%Y-%m-%d %H:%M} UTC · {escape(machine.cpu)}, {machine.cores} cores · commit "
                f"{escape(machine.commit or 'unknown')} · <code>{escape(command)}</code></p><h2>Targets</h2><ul>",
                *(f"<li>{marked(one.words, one.ratio <= 1)}</li>" for one in verdicts),
                "</ul><h2>Facts</h2><ul>",
                *(
                    f"<li>{marked(f'{one.what}: {one.found} (must be {one.expected})', one.holds)}</li>"
                    for one in checks
                ),
                "</ul>",
                body,
                f"<h2>The report of the terminal</h2><pre>{escape(text)}</pre>",
            )
        ),
    )
