"""SCAIP's XML to messages, and back.

The standard's schema contradicts its own tables, so nothing is checked against it: elements may come in any order and
case, with a namespace or without, too long or unknown; what cannot be read of one costs no other.
Source: facts/alarm-protocols.md parts 3.2, 3.3, 3.5.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from xml.sax.saxutils import escape

from protocols.errors import ContentError, LocalProtocolError
from protocols.plausible import storable
from protocols.scaip.messages import Mrq, Mrs, Snu, whole_number
from protocols.sos_access.tree import read_tree

HEADER: Final = b'<?xml version="1.0" encoding="UTF-8"?>'

LONGEST: Final[Mapping[str, int]] = {
    "ref": 16, "cid": 32, "dty": 4, "ver": 5, "mty": 2, "sco": 1, "cha": 1, "hbo": 3, "did": 16, "dco": 3, "dte": 32,
    "stc": 4, "stt": 32, "pri": 1, "lco": 3, "lva": 2, "lte": 32, "geo": 23, "tim": 32, "gga": 81, "ico": 3,
    "ite": 128, "ame": 3,
}  # fmt: skip
"""Signs, by the standard's table. Longer texts are kept whole up to TAKEN_SIGNS: better too many words than none."""

TAKEN_SIGNS: Final = 256
MAX_UNKNOWN: Final = 16
MAX_SPEECH_ADDRESSES: Final = 8
MOST_STE: Final = 128

_INSIDE_LGE: Final = ("geo", "tim", "gga")
_ROOTS: Final = ("mrq", "scaip")
_REFERENCE: Final = re.compile(rb"<ref>\s*([0-9A-Za-z]{1,16})\s*</ref>", re.IGNORECASE)
_ANY_REFERENCE: Final = re.compile(r"[!-~]{1,64}")


class Unreadable(ContentError):
    """A document that is no mrq. ref: its reference, as far as it can be seen. snu: what to answer."""

    def __init__(self, why: str, *, ref: str | None, snu: Snu) -> None:
        super().__init__(why)
        self.ref, self.snu = ref, snu


def parse_mrq(document: bytes) -> Mrq:
    """Read a request. Raises Unreadable for what is not well-formed or has another root."""
    root, leaves, doubts = _tree(document)
    if root not in _ROOTS:
        raise Unreadable(f"the root element is not mrq but {storable(root, 32)}", ref=None, snu=Snu.CONTENT)
    held: dict[str, str] = {}
    speech: list[str] = []
    unknown: list[tuple[str, str]] = []
    for path, raw in leaves:
        tag, text = path.rpartition("/")[2], raw.strip()
        if not text:
            continue
        if tag == "crd" and len(speech) < MAX_SPEECH_ADDRESSES:
            speech.append(text[:TAKEN_SIGNS])
        elif tag in LONGEST and tag not in held:
            held[tag] = text[:TAKEN_SIGNS]
            if len(text) > LONGEST[tag]:
                doubts.append(f"{tag} has {len(text)} signs")
        elif len(unknown) < MAX_UNKNOWN:
            unknown.append((path[:64], text[:TAKEN_SIGNS]))
    return Mrq(**held, crd=tuple(speech), unknown=tuple(unknown), doubts=tuple(doubts))


def complaint(mrq: Mrq) -> Snu:
    """Say what the tables find wrong with a request, gravest first; OK for nothing."""
    if mrq.ref is None:
        return Snu.REFERENCE_MISSING
    if mrq.cid is None or mrq.dty is None:
        return Snu.MANDATORY_MISSING
    if len(mrq.ref) > LONGEST["ref"] or len(mrq.cid) > LONGEST["cid"]:
        return Snu.TOO_LONG
    if mrq.kind is None or whole_number(mrq.dty) is None or (mrq.stc is not None and whole_number(mrq.stc) is None):
        return Snu.CONTENT
    return Snu.OK


def serialise_mrq(mrq: Mrq) -> bytes:
    """Write a request, as a unit does. Raises LocalProtocolError for what is longer than the tables allow."""
    parts = [_written(tag, getattr(mrq, tag)) for tag in LONGEST if tag not in _INSIDE_LGE]
    place = "".join(_written(tag, getattr(mrq, tag)) for tag in _INSIDE_LGE)
    parts.append(f"<lge>{place}</lge>" if place else "")
    parts += [f"<crd>{escape(address)}</crd>" for address in mrq.crd]
    return HEADER + f"<mrq>{''.join(parts)}</mrq>".encode()


def serialise_mrs(mrs: Mrs) -> bytes:
    """Write a response. Raises LocalProtocolError for a value outside the tables."""
    if mrs.hbi is not None and not 1 <= mrs.hbi <= 1440:
        raise LocalProtocolError("hbi is 1 to 1440 minutes")
    if mrs.ste is not None and not (mrs.ste.isascii() and len(mrs.ste) <= MOST_STE):
        raise LocalProtocolError("ste is ASCII of at most 128 signs")
    pairs: list[tuple[str, object]] = [("ref", mrs.ref), ("snu", mrs.snu.value), ("ste", mrs.ste), ("mre", mrs.mre)]
    pairs += [("cre", mrs.cre), *(("tnu", number) for number in mrs.tnu), ("hbi", mrs.hbi)]
    told = "".join(f"<{tag}>{escape(str(value))}</{tag}>" for tag, value in pairs if value is not None)
    return HEADER + f"<mrs>{told}</mrs>".encode()


def parse_mrs(document: bytes) -> Mrs:
    """Read a response, as a unit does. Raises ContentError for what is none."""
    root, leaves, _ = _tree(document)
    held = {path.rpartition("/")[2]: text.strip() for path, text in leaves}
    status = whole_number(held.get("snu"))
    if root not in ("mrs", "scaip") or status is None or "ref" not in held:
        raise ContentError("no mrs with ref and snu")
    try:
        snu = Snu(status)
    except ValueError:
        snu = Snu.OTHER
    return Mrs(
        ref=held["ref"],
        snu=snu,
        ste=held.get("ste"),
        mre=whole_number(held.get("mre")),
        cre=whole_number(held.get("cre")),
        tnu=tuple(text.strip() for path, text in leaves if path.rpartition("/")[2] == "tnu"),
        hbi=whole_number(held.get("hbi")),
    )


def _tree(document: bytes) -> tuple[str, list[tuple[str, str]], list[str]]:
    """The root, the leaves and the doubts, all names in small letters and without their namespace."""
    doubts = []
    try:
        document.decode("utf-8")
        tree = read_tree(document, otherwise="utf-8")
    except UnicodeDecodeError:
        doubts.append("the text is not UTF-8; read as ISO-8859-1")
        try:
            tree = read_tree(_latin_1(document), otherwise="iso-8859-1")
        except ContentError as error:
            raise Unreadable(str(error), ref=_reference(document), snu=Snu.FORMAT) from None
    except ContentError as error:
        raise Unreadable(str(error), ref=_reference(document), snu=Snu.FORMAT) from None
    leaves = [("/".join(_bare(name) for name in path.split("/")), text) for path, text in tree.leaves]
    return _bare(tree.root), leaves, doubts


def _latin_1(document: bytes) -> bytes:
    """Take away a header that claims an encoding which the text does not have."""
    return document.partition(b"?>")[2] if document.lstrip().startswith(b"<?xml") else document


def _bare(name: str) -> str:
    return name.rpartition(":")[2].lower()


def _reference(document: bytes) -> str | None:
    found = _REFERENCE.search(document)
    return None if found is None else found[1].decode("ascii")


def _written(tag: str, value: str | None) -> str:
    if value is None:
        return ""
    if len(value) > LONGEST[tag]:
        raise LocalProtocolError(f"{tag} has {len(value)} signs")
    return f"<{tag}>{escape(value)}</{tag}>"


def echoed(ref: str | None) -> str:
    """Return a reference as it can be given back: nothing where there is none or where it is no plain text."""
    return ref if ref is not None and _ANY_REFERENCE.fullmatch(ref) else ""
