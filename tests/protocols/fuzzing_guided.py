"""The same fuzz led by coverage, for whoever has Atheris: it finds branches that chance alone passes by.

    python3.11 -m venv guided && guided/bin/pip install atheris
    guided/bin/python -m tests.protocols.fuzzing_guided teltonika -max_total_time=600 -max_len=1500

Needs nothing else of ours: the protocols are the standard library alone. It begins with the family's captures; a crash
is written to a file and can be given as a further argument to be run again. Not part of the suite.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris  # type: ignore[import-not-found,unused-ignore]  # not among our dependencies

with atheris.instrument_imports(include=["protocols"]):
    from tests.protocols.fuzzing import Found, feed, rows_of
    from tests.protocols.fuzzing_mutations import REPAIRS
    from tests.protocols.streams import openers_of


def main() -> None:
    """Run until the limits on the command line; the first argument is the family."""
    family = sys.argv.pop(1)
    openers = openers_of(family)
    repair = REPAIRS.get(family, lambda frame: frame)
    found = Found(family, 0)

    def one_input(octets: bytes) -> None:
        """A first byte says how: over UDP, with a right checksum, or how long the first chunk is."""
        how, stream = octets[:1], octets[1:]
        open_ = openers.datagram if how > b"\xf0" and openers.datagram else openers.connection
        if how > b"\x80":
            stream = repair(stream)
        at = how[0] & 0x3F if how else 0
        feed(open_, [chunk for chunk in (stream[:at], stream[at:]) if chunk], found)

    with tempfile.TemporaryDirectory() as corpus:
        for number, frames in enumerate(rows_of(family)):
            Path(corpus, f"{number}").write_bytes(b"\x00" + b"".join(frames))
            Path(corpus, f"{number}-repaired").write_bytes(b"\x81" + frames[-1])
        atheris.Setup([sys.argv[0], corpus, *sys.argv[1:]], one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
