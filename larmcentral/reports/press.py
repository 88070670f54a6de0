"""The press: reads a sheet as JSON and writes it as PDF/UA, in a process of its own that knows nothing of the server.

typst is a compiler: in a process of its own it can be stopped, cannot take the server's memory, and a fault in it ends
nothing but itself. Nothing is fetched: fonts are those inside its wheel, and the template uses no packages.
"""

from __future__ import annotations

import json
import os
import re
import resource
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import typst

TEMPLATE: Final = Path(__file__).with_name("case.typ")
STANDARD: Final = "ua-1"
MEMORY_BYTES: Final = 2 * 1024**3
"""Address space; 5,000 lines take some 300 MB of it."""
NICER: Final = 10
"""Paper can wait: whoever takes alarms in goes first."""
_TRIED: Final = 400
"""Foreign signs that are tried one by one, a few milliseconds each; a text with more is no note of ours."""
_NEVER: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs"})
"""Signs that print nothing, or turn others round: they are named instead."""
_VARIANTS: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def print_sheet(sheet: Mapping[str, Any], at: datetime | None = None) -> bytes:
    """Return a sheet as tagged PDF (PDF/UA-1). at: what stands in it as the time of its making.

    A sign that our fonts do not have is printed by its name, as [grinning face]: the standard forbids a sign that
    cannot be read, and a report must not fail over one.
    """
    compiler = typst.Compiler(ignore_system_fonts=True)
    plain = _each(sheet, _plain)
    made_at = None if at is None else at.replace(microsecond=0)  # typst refuses parts of a second
    foreign = {sign for sign in _signs(plain) if not _common(sign)}
    try:
        return _printed(compiler, plain, _unprintable(compiler, foreign), made_at)
    except typst.TypstError:  # signs that print each alone may not do so together
        return _printed(compiler, plain, foreign, made_at)


def _printed(compiler: typst.Compiler, sheet: object, without: Iterable[str], at: datetime | None) -> bytes:
    named = str.maketrans({sign: _name_of(sign) for sign in without})
    data = json.dumps(_each(sheet, lambda text: text.translate(named)), ensure_ascii=False)
    printed = compiler.compile(
        TEMPLATE.read_bytes(), format="pdf", pdf_standards=[STANDARD], sys_inputs={"case": data}, timestamp=at
    )
    assert isinstance(printed, bytes), "one document was asked for"
    return printed


def main() -> None:
    """Print what comes in."""
    os.nice(NICER)
    with suppress(ValueError, OSError):  # not every system knows this limit
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    asked = json.loads(sys.stdin.buffer.read())
    sys.stdout.buffer.write(print_sheet(asked["sheet"], datetime.fromisoformat(asked["at"]).astimezone(UTC)))


def _unprintable(compiler: typst.Compiler, foreign: Iterable[str]) -> Iterator[str]:
    """Which signs our fonts do not have. Most cases have none that need to be tried."""
    for place, sign in enumerate(sorted(foreign)):
        if unicodedata.category(sign) in _NEVER or place >= _TRIED or not _prints(compiler, sign):
            yield sign


def _plain(text: str) -> str:
    """Text with each letter as one sign, and without what only says how the sign before is drawn (a red heart)."""
    return _VARIANTS.sub("", unicodedata.normalize("NFC", text))


def _common(sign: str) -> bool:
    """Latin-1 is in every font; line feeds are read by the template."""
    return sign == "\n" or " " <= sign <= "~" or ("\xa1" <= sign <= "\xff" and sign != "\xad")


def _prints(compiler: typst.Compiler, sign: str) -> bool:
    alone = b'#set document(title: "t")\n#set text(lang: "sv", font: "Libertinus Serif")\n#sys.inputs.sign'
    try:
        compiler.compile(alone, format="pdf", pdf_standards=[STANDARD], sys_inputs={"sign": sign})
    except typst.TypstError:
        return False
    return True


def _name_of(sign: str) -> str:
    return f"[{unicodedata.name(sign, f'U+{ord(sign):04X}').lower()}]"


def _signs(value: Any) -> Iterable[str]:
    match value:
        case str():
            yield from value
        case Mapping():
            yield from (sign for inner in value.values() for sign in _signs(inner))
        case list() | tuple():
            yield from (sign for inner in value for sign in _signs(inner))


def _each(value: Any, change: Callable[[str], str]) -> Any:
    match value:
        case str():
            return change(value)
        case Mapping():
            return {key: _each(inner, change) for key, inner in value.items()}
        case list() | tuple():
            return [_each(inner, change) for inner in value]
    return value


if __name__ == "__main__":
    main()
