"""Header of a document: what it says of itself, and which parts of the text are not its body."""

from pipeline.header.parse import HeaderResult, parse_header
from pipeline.header.zones import ZoneSpan

__all__ = ["HeaderResult", "ZoneSpan", "parse_header"]
