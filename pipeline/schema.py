"""The JSON Schema of the record, and the rule that a change of shape needs a new version.

`python -m pipeline.schema` writes docs/schema/record.schema.json; versions.json beside it holds the
fingerprint of every version's shape; a shape that changed under an old version is refused.
"""

from __future__ import annotations

import hashlib
import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.record import SCHEMA_VERSION, Record
from pipeline.resources import lexicon_rows

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "schema"


def record_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of one record."""
    schema = Record.model_json_schema(by_alias=True, mode="serialization")
    for model, content in {"Record": schema, **schema["$defs"]}.items():
        for field, facts in content["properties"].items():
            told = _descriptions().get((model, field)) or _descriptions().get(("*", field))
            if told is not None:
                facts["description"] = told
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:congvan:record:{SCHEMA_VERSION}",
        **schema,
        "version": SCHEMA_VERSION,
    }


@cache
def _descriptions() -> dict[tuple[str, str], str]:
    """What a field means, by its model and its name; "*" stands for every model."""
    rows = lexicon_rows("record_fields")
    return {(row["model"], row["field"]): row["description"] for row in rows}


def shape(schema: Any) -> Any:
    """The schema without words for people: what a reader of records depends on."""
    if isinstance(schema, dict):
        return {
            key: shape(value)
            for key, value in schema.items()
            if not (key in ("title", "description") and isinstance(value, str))
        }
    return [shape(item) for item in schema] if isinstance(schema, list) else schema


def fingerprint(schema: dict[str, Any]) -> str:
    """SHA-256 of the shape; version numbers do not count."""
    plain = {key: value for key, value in schema.items() if key not in ("$id", "version")}
    plain = json.loads(json.dumps(shape(plain)).replace(f'"{SCHEMA_VERSION}"', '"-"'))
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def text_of(content: dict[str, Any]) -> str:
    """JSON as it is written here."""
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def main() -> int:
    """Write the schema; 1 when the shape changed and SCHEMA_VERSION did not."""
    versions_file = FOLDER / "versions.json"
    versions = json.loads(versions_file.read_text("utf-8")) if versions_file.exists() else {}
    schema = record_schema()
    print_of_shape = fingerprint(schema)
    if versions.get(SCHEMA_VERSION, print_of_shape) != print_of_shape:
        print(
            f"The shape of the record changed: raise SCHEMA_VERSION (now {SCHEMA_VERSION}) in "
            "pipeline/record.py, minor for an added field, major for one renamed or removed.",
            file=sys.stderr,
        )
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "record.schema.json").write_text(text_of(schema), "utf-8")
    versions_file.write_text(text_of({**versions, SCHEMA_VERSION: print_of_shape}), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
