"""Write shared/shapes*.ts from the API's shapes, one file a module, so that the browser's types are the server's.

Run from the repository's root: `python -m larmcentral.web.tools.shapes` writes, with `--check` it only compares.
"""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic.json_schema import JsonSchemaMode, models_json_schema

from larmcentral.api import (
    shapes,
    shapes_card,
    shapes_desk,
    shapes_feed,
    shapes_forwarders,
    shapes_orders,
    shapes_persons,
    shapes_phone,
    shapes_places,
    shapes_plans,
    shapes_points,
    shapes_registers,
    shapes_reports,
    shapes_rotas,
    shapes_setup,
    shapes_templates,
    shapes_ways,
    shapes_work,
)

SOURCES = (
    shapes,
    shapes_work,
    shapes_places,
    shapes_rotas,
    shapes_desk,
    shapes_points,
    shapes_feed,
    shapes_forwarders,
    shapes_templates,
    shapes_card,
    shapes_ways,
    shapes_orders,
    shapes_plans,
    shapes_persons,
    shapes_phone,
    shapes_registers,
    shapes_reports,
    shapes_setup,
)
_NAMES = re.compile(r"[A-Z][A-Za-z]+")
FOLDER = Path(__file__).parent.parent / "shared"
HEAD = """// Written from larmcentral/api/{module}.py. Do not edit: change the source and run
// `python -m larmcentral.web.tools.shapes`.
"""
ALIASES = ("Role", "Kind", "Purpose", "IncidentState", "ResponderState", "OutcomeWord")


def typescript() -> dict[Path, str]:
    """The whole text of each file. What we send ("POST ...", "PUT ...") has optional fields, what we get has none."""
    models = [model for source in SOURCES for model in _models(source)]
    modes: list[tuple[type[shapes.Shape], JsonSchemaMode]] = [
        (m, "validation" if (m.__doc__ or "").startswith(("POST ", "PUT ")) else "serialization") for m in models
    ]
    known, definitions = models_json_schema(modes)
    names = {known[m, mode]["$ref"].rsplit("/", 1)[1]: m.__name__ for m, mode in modes}
    sent = {m.__name__ for m, mode in modes if mode == "validation"}
    aliases = {_union(getattr(shapes, name).__args__): name for name in ALIASES}
    homes = dict.fromkeys(ALIASES, _word(shapes)) | {m.__name__: m.__module__.rsplit(".", 1)[1] for m in models}
    parts: dict[str, list[str]] = {_word(source): [] for source in SOURCES}
    parts[_word(shapes)] += [f"export type {name} = {union};" for union, name in aliases.items()]
    for schema_name, name in names.items():
        interface = _interface(name, definitions["$defs"][schema_name], name in sent, aliases, names)
        parts[homes[name]].append("\n" + interface)
    return {
        FOLDER / f"{word}.ts": "\n".join([HEAD.format(module=word), *_imports(word, told, homes), *told]) + "\n"
        for word, told in parts.items()
    }


def _word(source: ModuleType) -> str:
    return source.__name__.rsplit(".", 1)[1]


def _imports(word: str, parts: list[str], homes: dict[str, str]) -> list[str]:
    """What a file needs of its neighbours."""
    lines = [line for part in parts for line in part.splitlines() if not line.startswith("/**")]
    typed = {name for line in lines for name in _NAMES.findall(line.partition(": ")[2])}
    needed: dict[str, list[str]] = {}
    for name in sorted(typed & homes.keys()):
        if homes[name] != word:
            needed.setdefault(homes[name], []).append(name)
    return [f'import type {{ {", ".join(found)} }} from "./{home}";' for home, found in needed.items()]


def _models(source: ModuleType) -> list[type[shapes.Shape]]:
    """The shapes that a module makes itself, in the order of its lines."""
    found = [m for _, m in inspect.getmembers(source, inspect.isclass) if issubclass(m, shapes.Shape)]
    own = [m for m in found if m.__module__ == source.__name__ and m is not shapes.Shape]
    return sorted(own, key=lambda m: inspect.getsourcelines(m)[1])


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
        case "object" if what.get("additionalProperties") is True:
            return "Readonly<Record<string, unknown>>"
        case "object":
            return f"Readonly<Record<string, {_type(what['additionalProperties'], aliases, names)}>>"
        case other:
            raise ValueError(f"no TypeScript word for {other!r}: teach tools/shapes.py")


def _union(words: tuple[str | bool, ...]) -> str:
    return " | ".join(str(word).lower() if isinstance(word, bool) else f'"{word}"' for word in words)


def main(arguments: list[str]) -> int:
    """Write the files, or with --check say whether they are current."""
    stale = [file for file, text in typescript().items() if not file.exists() or file.read_text() != text]
    if "--check" in arguments:
        for file in stale:
            sys.stderr.write(f"{file} is not current: run python -m larmcentral.web.tools.shapes\n")
        return 1 if stale else 0
    for file in stale:
        file.write_text(typescript()[file])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
