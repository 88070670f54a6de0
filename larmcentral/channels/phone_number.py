"""Numbers that a machine may text: whole international ones, and never an emergency or short number."""

from __future__ import annotations

import re

# ITU-T E.164: plus, country code, at most 15 digits in all. At least 8 here: every emergency and short number
# (112, 911, 114 14, 1177, also written +46112 or +4611414) has fewer, and no subscriber in the Nordics has.
E164 = re.compile(r"\+[1-9][0-9]{7,14}")
TRUNK_ZERO = re.compile(r"\+(?:46|47|45|358|372|49|44)0")  # "+46 (0)70 ..." is a slip of the pen and reaches nobody


class NumberRefused(ValueError):
    """The number is not one that we may text. Says why; does not repeat the number."""


def textable(number: str) -> str:
    """Return the number unchanged. Raises NumberRefused for anything but a subscriber's number in E.164."""
    if not E164.fullmatch(number):
        raise NumberRefused("not an international subscriber number (+ and 8 to 15 digits)")
    if TRUNK_ZERO.match(number):
        raise NumberRefused("a zero follows the country code")
    return number
