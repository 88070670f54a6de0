"""Whether a step applies just now."""

from __future__ import annotations

from datetime import time

from escalation.alarm import AlarmKind
from escalation.chain import Circumstances, Condition


def holds(condition: Condition, circumstances: Circumstances | None, kind: AlarmKind, silent: bool) -> bool:
    """Say whether everything that the condition names is so.

    kind, silent: the incident's. Where the circumstances are not known, what asks for them counts as holding: better
    a phone that rings in vain. A weekday is that of the moment, so hours over midnight end on the next one's.
    """
    if condition.kinds and kind not in condition.kinds:
        return False
    if condition.silent is not None and condition.silent is not silent:
        return False
    return circumstances is None or _suit(condition, circumstances)


def _suit(condition: Condition, circumstances: Circumstances) -> bool:
    local = circumstances.local
    return (
        (condition.hours is None or _within(condition.hours, local.time()))
        and (not condition.weekdays or local.weekday() in condition.weekdays)
        and (condition.holiday is None or condition.holiday is circumstances.holiday)
        and (not condition.units or circumstances.unit_id in condition.units)
        and circumstances.risk >= condition.risk
    )


def _within(hours: tuple[time, time], at: time) -> bool:
    """Hours that begin when they end are a whole day: complaints() names them, and until then the phone rings.

    They are the house's own, whatever zone somebody wrote behind them: an alarm must not fail for that.
    """
    begin, end = (hour.replace(tzinfo=None) for hour in hours)
    if begin < end:
        return begin <= at < end
    return at >= begin or at < end
