"""Write shared/shapes.ts from the API's shapes, so that the browser's types are the server's.

Run from the repository's root: `python -m larmcentral.web.tools.shapes` writes, with `--check` it only compares.
"""

from __future__ import annotations

import inspect
import sys
from pathlib import Path
from typing import Any

from pydantic.json_schema import JsonSchemaMode, models_json_schema

from larmcentral.api import shapes

TARGET = Path(__file__).parent.parent / "shared" / "shapes.ts"
HEAD = """// Written from larmcentral/api/shapes.py. Do not edit: change the source and run
// `python -m larmcentral.web.tools.shapes`.
"""
ALIASES = ("Role", "Kind", "Purpose", "IncidentState", "ResponderState", "OutcomeWord")


def typescript() -> str:
    """The whole text of shapes.ts. What we send (docstring "POST ...") has optional fields, what we get has none."""
    models = [m for _, m in inspect.getmembers(shapes, inspect.isclass) if issubclass(m, shapes.Shape)]
    models = sorted((m for m in models if m is not shapes.Shape), key=lambda m: inspect.getsourcelines(m)[1])
    modes: list[tuple[type[shapes.Shape], JsonSchemaMode]] = [
        (m, "validation" if (m.__doc__ or "").startswith("POST ") else "serialization") for m in models
    ]
    known, definitions = models_json_schema(modes)
    names = {known[m, mode]["$ref"].rsplit("/", 1)[1]: m.__name__ for m, mode in modes}
    sent = {m.__name__ for m, mode in modes if mode == "validation"}
    aliases = {_union(getattr(shapes, name).__args__): name for name in ALIASES}
    parts = [HEAD, *(f"export type {name} = {union};" for union, name in aliases.items())]
    for schema_name, name in names.items():
        parts.append("\n" + _interface(name, definitions["$defs"][schema_name], name in sent, aliases, names))
    return "\n".join(parts) + "\n"


def _interface(name: str, schema: dict[str, Any], sent: bool, aliases: dict[str, str], names: dict[str, str]) -> str:
    required = set(schema.get("required", ()) if sent else schema.get("properties", ()))
    doc = " ".join(schema.get("description", "").split())
    lines = [f"/** {doc} */", f"export interface {name} {{"]
    for field, what in schema.get("properties", {}).items():
        mark = "" if field in required else "?"
        lines.append(f"  readonly {field}{mark}: {_type(what, aliases, names)};")
    return "\n".join([*lines, "}"])


def _type(what: dict[str, Any], aliases: dict[str, str], names: dict[str, str]) -> str:
    if "$ref" in what:
        return names[what["$ref"].rsplit("/", 1)[1]]
    if "anyOf" in what:
        return " | ".join(_type(part, aliases, names) for part in what["anyOf"])
    if "enum" in what or "const" in what:
        union = _union(tuple(what.get("enum", [what.get("const")])))
        return aliases.get(union, union)
    match what.get("type"):
        case "string":
            return "string"
        case "integer" | "number":
            return "number"
        case "boolean":
            return "boolean"
        case "null":
            return "null"
        case "array":
            item = _type(what["items"], aliases, names)
            return f"readonly ({item})[]" if " " in item else f"readonly {item}[]"
        case "object":
            return f"Readonly<Record<string, {_type(what['additionalProperties'], aliases, names)}>>"
        case other:
            raise ValueError(f"no TypeScript word for {other!r}: teach tools/shapes.py")


def _union(words: tuple[str, ...]) -> str:
    return " | ".join(f'"{word}"' for word in words)


def main(arguments: list[str]) -> int:
    """Write the file, or with --check say whether it is current."""
    text = typescript()
    if "--check" in arguments:
        current = TARGET.exists() and TARGET.read_text() == text
        if not current:
            sys.stderr.write(f"{TARGET} is not current: run python -m larmcentral.web.tools.shapes\n")
        return 0 if current else 1
    TARGET.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
