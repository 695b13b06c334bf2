"""How good the records are: measured against labels that people made.

docs/evaluation.md says how labels are written and what each figure means. Records are read as JSON,
not as types: what is scored is what was written.
"""

from pipeline.evaluate.gold import GoldDocument, read_gold
from pipeline.evaluate.measure import Evaluation, evaluate
from pipeline.evaluate.sources import RecordSource, cross_validated, processed, stored

__all__ = [
    "Evaluation",
    "GoldDocument",
    "RecordSource",
    "cross_validated",
    "evaluate",
    "processed",
    "read_gold",
    "stored",
]
