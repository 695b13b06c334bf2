"""A worker as large as a real one: it has loaded all code and models before its first document."""

from bench.bulk.targets import small_record
from pipeline.bulk.task import warm

__all__ = ["small_record", "warm"]
