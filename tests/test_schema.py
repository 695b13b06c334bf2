"""The published schema is the one of the types, and a change of shape needs a new version."""

from __future__ import annotations

import copy
import json

import pytest

from pipeline import schema
from pipeline.record import SCHEMA_VERSION
from pipeline.resources import lexicon_rows

PUBLISHED = schema.FOLDER / "record.schema.json"
VERSIONS = schema.FOLDER / "versions.json"


def test_published_schema_is_current() -> None:
    assert PUBLISHED.read_text("utf-8") == schema.text_of(schema.record_schema()), "make schema"


def test_every_field_says_what_it_means_and_no_other() -> None:
    published = json.loads(PUBLISHED.read_text("utf-8"))
    models = {"Record": published, **published["$defs"]}
    fields = {
        (m, field): facts
        for m, each in models.items()
        for field, facts in each["properties"].items()
    }
    assert not [name for name, facts in fields.items() if not facts.get("description")]
    told = {(row["model"], row["field"]) for row in lexicon_rows("record_fields")}
    assert {(m, field) for m, field in told if m != "*"} <= fields.keys()


def test_this_version_has_the_shape_it_was_published_with() -> None:
    known = json.loads(VERSIONS.read_text("utf-8"))
    assert known[SCHEMA_VERSION] == schema.fingerprint(schema.record_schema()), (
        "the shape of the record changed: raise SCHEMA_VERSION and run make schema"
    )


def test_no_two_versions_have_the_same_shape() -> None:
    known = json.loads(VERSIONS.read_text("utf-8"))
    assert len(set(known.values())) == len(known)


@pytest.mark.parametrize("name", ["deadline", "assignees", "quote"])
def test_a_renamed_field_changes_the_fingerprint(name: str) -> None:
    content = schema.record_schema()
    changed = copy.deepcopy(content)
    fields = changed["$defs"]["Task"]["properties"]
    fields["other"] = fields.pop(name)
    assert schema.fingerprint(changed) != schema.fingerprint(content)


def test_words_for_people_do_not_change_the_fingerprint() -> None:
    content = schema.record_schema()
    changed = copy.deepcopy(content)
    changed["$defs"]["Task"]["description"] = "Other words."
    assert schema.fingerprint(changed) == schema.fingerprint(content)


def test_a_field_called_title_is_part_of_the_shape() -> None:
    content = schema.record_schema()
    changed = copy.deepcopy(content)
    del changed["$defs"]["Header"]["properties"]["title"]
    assert schema.fingerprint(changed) != schema.fingerprint(content)


def test_command_refuses_a_new_shape_under_an_old_version(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("schema")
    monkeypatch.setattr(schema, "FOLDER", folder)
    assert schema.main() == 0
    assert (folder / "record.schema.json").read_text("utf-8") == PUBLISHED.read_text("utf-8")
    (folder / "versions.json").write_text(json.dumps({SCHEMA_VERSION: "0" * 64}), "utf-8")
    assert schema.main() == 1
