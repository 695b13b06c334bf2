"""The phrases that names of those who act are read with, and the words that open an act."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pipeline.extract.phrases import Phrases, Words, split_list
from pipeline.resources import lexicon, lexicon_rows

PLURAL = frozenset(("các", "những", "từng", "mỗi", "mọi", "toàn", "tất", "cả"))
"""Words that say that a head means many."""


@dataclass(frozen=True, slots=True)
class NameLexicon:
    """The phrases of models/lexicons/agents.yaml and acts.yaml that names are read with."""

    heads: Phrases
    bodies: Phrases
    posts: Phrases
    plurals: Phrases
    places: Phrases
    doubtful: Phrases
    levels: Phrases
    no_names: Phrases
    no_names_before: Phrases
    documents: Phrases
    inspectorates: Phrases
    short: Phrases
    alone: Phrases
    before_alone: Phrases
    bound: Phrases
    apart: Phrases
    joints: Phrases
    open_heads: Phrases
    owners: Phrases
    counted_things: Phrases
    name_parts: Phrases
    traders: Phrases
    no_trade: frozenset[str]
    openers: frozenset[str]
    decorators: frozenset[str]
    """First words of what may stand before a head."""
    unclear: frozenset[str]
    """First words of heads that are none everywhere, and of acts."""
    notable: frozenset[str]
    """First words of all phrases that may end or shape a name."""
    pairs: frozenset[str]
    determiners: Phrases
    honorifics: Phrases
    compounds: dict[str, Phrases]
    fields: Phrases
    inner: Phrases
    stops: Phrases
    acts: Phrases


@cache
def name_lexicon() -> NameLexicon:
    """The lexicon, loaded once."""
    names, verbs = lexicon("agents"), lexicon("acts")
    heads = {kind: split_list(row) for kind, row in names["heads"].items()}
    all_heads = Phrases(word for row in heads.values() for word in row)
    determiners = Phrases(split_list(names["determiners"]))
    honorifics = Phrases(split_list(names["honorifics"]))
    fields, inner = Phrases(split_list(names["fields"])), Phrases(split_list(names["inner"]))
    stops = Phrases(split_list(names["stops"]))
    acts = Phrases(split_list(verbs["adverbs"]) + split_list(verbs["verbs"]))
    compounds = {head: Phrases(split_list(row)) for head, row in names["compounds"].items()}
    no_names, doubtful = (
        Phrases(split_list(names["no_names"])),
        Phrases(split_list(names["doubtful"])),
    )
    documents = Phrases(split_list(names["documents"]))
    shaping = (all_heads, fields, inner, stops, acts, documents, *compounds.values())
    return NameLexicon(
        notable=PLURAL.union(("và",), *(phrases.first_words for phrases in shaping)),
        pairs=frozenset(split_list(names["pairs"])),
        decorators=determiners.first_words | honorifics.first_words,
        openers=all_heads.first_words | determiners.first_words | honorifics.first_words,
        heads=all_heads,
        bodies=Phrases(heads["bodies"]),
        posts=Phrases(heads["posts"]),
        plurals=Phrases(heads["people"] + heads["collectives"]),
        places=Phrases(heads["places"]),
        doubtful=doubtful,
        levels=Phrases(split_list(names["levels"])),
        no_names=no_names,
        no_names_before=Phrases(split_list(names["no_names_before"])),
        documents=documents,
        unclear=no_names.first_words | doubtful.first_words | acts.first_words,
        traders=Phrases(split_list(names["traders"])),
        no_trade=frozenset(split_list(names["no_trade"])),
        name_parts=Phrases(split_list(names["name_parts"])),
        apart=Phrases(split_list(names["apart"])),
        joints=Phrases(split_list(names["joints"])),
        open_heads=Phrases(split_list(names["open_heads"])),
        owners=Phrases(split_list(names["owners"])),
        counted_things=Phrases(split_list(names["counted_things"])),
        short=Phrases(split_list(names["short"])),
        alone=Phrases(split_list(names["alone"])),
        before_alone=Phrases(split_list(names["before_alone"])),
        bound=Phrases(split_list(names["bound"])),
        inspectorates=Phrases(split_list(names["inspectorates"])),
        determiners=determiners,
        honorifics=honorifics,
        compounds=compounds,
        fields=fields,
        inner=inner,
        stops=stops,
        acts=acts,
    )


@cache
def place_names() -> Phrases:
    """Provinces and cities, old and new, as they are printed alone."""
    return Phrases(row["name"] for row in lexicon_rows("provinces"))


def act_words(words: Words, at: int) -> int:
    """How many words open an act at `at` ("khẩn trương", "rà soát"); 0 when none do."""
    return name_lexicon().acts.match(words, at)
