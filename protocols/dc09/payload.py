"""What stands between the brackets: SIA-DCS blocks (DC-03) and ADM-CID events (DC-05), read leniently.

Nothing here raises on what a panel sends: a report whose frame is sound may be somebody's panic, so what the grammar
does not cover comes back as an event without a code, or as opaque text, and the caller makes an alarm of it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from protocols.dc09.messages import CidEvent, CidReport, SiaEvent, SiaReport
from protocols.errors import LocalProtocolError

_ACCOUNT: Final = re.compile(r"\s*#([0-9A-Za-z]{1,16})\s*\Z")
# two small letters and a value: ri1/ or, seen in the wild, ri1 directly before a code
_MODIFIER: Final = re.compile(r"([a-z]{2})")
_PLAIN_VALUE: Final = re.compile(r"[0-9:.,-]+|[^/^*]")
_CODE_FOLLOWS: Final = re.compile(r"[A-Z]{2}(?![A-Z])|/|\^|\*|\Z|[a-z]{2}[0-9]")
# code and address: PA7, BA12, BA1A, QA
_CODE: Final = re.compile(r"([A-Z]{2})([0-9A-F]*)")
_UNITS: Final = re.compile(r"\*([0-9A-Za-z.+-]{1,16})")
_QUOTED: Final = re.compile(r"\*\"([^\"]*)\"(?:NM)?|\*'([^']*)'(?:NM)?")
_CARETS: Final = re.compile(r"\^([^^]*)(?:\^|\Z)")
# Q EEE GG ZZZ; single spaces by the standard, none or more in the wild
_CID: Final = re.compile(r"\s*([0-9])\s*([0-9A-Fa-f]{3})\s*([0-9A-Fa-f]{2})\s*([0-9A-Fa-f]{3})(?![0-9A-Fa-f])")


def words(raw: bytes) -> str:
    """Text of a panel: UTF-8 where it is valid (2026), else cp1252 (to 2021). Never fails."""
    for encoding in ("utf-8", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def parse_sia(data: bytes) -> SiaReport:
    """Read SIA-DCS data: #account, then blocks between bars. Events are empty if there is no event block."""
    account, blocks = _blocks(data)
    events: list[SiaEvent] = []
    texts: list[str] = []
    opaque: list[str] = []
    for block in blocks:
        if block[0] in "NO":
            events.extend(_events(block, opaque))
        elif block[0] == "A":
            texts.append(block[1:])
        else:
            opaque.append(block)
    if not events:
        events.extend(event for block in opaque for event in _bare_event(block))
    return SiaReport(account=account, events=tuple(events), texts=tuple(texts), opaque=tuple(opaque))


def parse_cid(data: bytes) -> CidReport:
    """Read ADM-CID data: #account, then Q EEE GG ZZZ. Events are empty where that is not found."""
    account, blocks = _blocks(data)
    events: list[CidEvent] = []
    opaque: list[str] = []
    for block in blocks:
        at = 0
        while (event := _CID.match(block, at)) is not None:
            events.append(CidEvent(int(event[1]), event[2].upper(), event[3].upper(), event[4].upper()))
            at = event.end()
        if block[at:].strip():
            opaque.append(block[at:].strip())
    return CidReport(account=account, events=tuple(events), opaque=tuple(opaque))


def serialise_sia(report: SiaReport, *, encoding: str = "utf-8") -> bytes:
    """Write SIA-DCS data: one block an event, its modifiers before the code, its text between carets.

    encoding: cp1252 for receivers up to the 2021 edition, UTF-8 for 2026. Raises LocalProtocolError for a report
    that the grammar cannot say (a bar or caret in a text, an event without a code).
    """
    blocks = [f"#{report.account or ''}"]
    for event in report.events:
        modifiers = "".join(f"{name}{value}/" for name, value in event.modifiers)
        units = f"*{event.units}" if event.units else ""
        text = f"^{event.text}^" if event.text else ""
        blocks.append(f"{'N' if event.new else 'O'}{modifiers}{event.code or ''}{event.address}{units}{text}")
    blocks.extend("A" + text for text in report.texts)
    blocks.extend(report.opaque)
    return _checked("|".join(blocks), encoding, sia=report)


def serialise_cid(report: CidReport) -> bytes:
    """Write ADM-CID data, single spaces. Raises LocalProtocolError for a report that the grammar cannot say."""
    blocks = [f"#{report.account or ''}"]
    blocks.extend(f"{event.qualifier}{event.code} {event.group} {event.zone}" for event in report.events)
    blocks.extend(report.opaque)
    return _checked("|".join(blocks), "ascii", cid=report)


def _checked(text: str, encoding: str, *, sia: SiaReport | None = None, cid: CidReport | None = None) -> bytes:
    data = text.encode(encoding, "replace")
    plain = text.encode("utf-8")
    if (
        any(byte in data for byte in b"[]\r\n")
        or (sia and parse_sia(plain) != sia)
        or (cid and parse_cid(plain) != cid)
    ):
        raise LocalProtocolError("the report has a field that its grammar cannot say")
    return data


def _blocks(data: bytes) -> tuple[str | None, list[str]]:
    """The account that the data begins with, if any, and the blocks behind it that hold something."""
    first, *others = words(data).split("|")
    account = _ACCOUNT.match(first)
    blocks = others if account or not first.strip() else [first, *others]
    return account[1] if account else None, [block for block in blocks if block.strip()]


def _events(block: str, opaque: list[str]) -> list[SiaEvent]:
    """The events of one block, N or O first. Modifiers hold for the codes behind them; the ones that no code
    follows hold for the events before them that lack one. At least one event comes back, without a code if need be."""
    new = block[0] == "N"
    events: list[SiaEvent] = []
    standing: dict[str, str] = {}
    since_code: dict[str, str] = {}
    at, stray = 1, ""
    while at < len(block):
        if (modifier := _MODIFIER.match(block, at)) is not None:
            value, at = _modifier_value(block, modifier.end())
            since_code[modifier[1]] = value
        elif (code := _CODE.match(block, at)) is not None:
            standing |= since_code
            since_code = {}
            event, at = _event(block, code, new, standing)
            events.append(event)
        else:
            stray += "" if block[at] in "/ " else block[at]
            at += 1
    if stray:
        opaque.append(stray)
    if not events:
        opaque.append(block)
        events.append(SiaEvent(code=None, new=new))
    if not since_code:
        return events
    return [replace(event, modifiers=tuple((since_code | dict(event.modifiers)).items())) for event in events]


def _bare_event(block: str) -> list[SiaEvent]:
    """A block that has a code where N or O should stand; asked only where the report has no event otherwise."""
    code = _CODE.match(block)
    return [_event(block, code, True, {})[0]] if code else []


def _modifier_value(block: str, at: int) -> tuple[str, int]:
    """The value that begins here and where to go on. It ends at its slash, or where a code begins without one."""
    start = at
    plain = _PLAIN_VALUE.match(block, at)
    at = plain.end() if plain else at
    if not _CODE_FOLLOWS.match(block, at):
        slash = block.find("/", at)
        at = len(block) if slash < 0 else slash
    value = block[start:at]
    return value, at + 1 if block[at : at + 1] == "/" else at


def _event(block: str, code: re.Match[str], new: bool, standing: dict[str, str]) -> tuple[SiaEvent, int]:
    at, units, text = code.end(), "", ""
    while True:
        if (quoted := _QUOTED.match(block, at)) is not None:
            text, at = f"{text} {quoted[1] or quoted[2] or ''}".strip(), quoted.end()
        elif (measured := _UNITS.match(block, at)) is not None:
            units, at = measured[1], measured.end()
        elif (carets := _CARETS.match(block, at)) is not None:
            text, at = f"{text} {carets[1]}".strip(), carets.end()
        else:
            break
    modifiers = tuple(standing.items())
    return SiaEvent(code=code[1], address=code[2], new=new, modifiers=modifiers, units=units, text=text), at
