"""The only importer of underthesea's and spaCy's machinery: one door, lazy and cached."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


def train_crf(
    sequences: Sequence[list[list[str]]],
    labels: Sequence[list[str]],
    *,
    l1_penalty: float,
    l2_penalty: float,
    max_iterations: int,
) -> Any:
    """A linear-chain CRF (underthesea_core, L-BFGS: the same data gives the same weights)."""
    from underthesea_core import CRFTrainer

    trainer = CRFTrainer(
        loss_function="lbfgs",
        l1_penalty=l1_penalty,
        l2_penalty=l2_penalty,
        max_iterations=max_iterations,
        verbose=0,
    )
    trainer.train(sequences, labels)
    return trainer.get_model()


def crf_tagger(model: Any) -> Any:
    """A tagger (`marginals`, `labels`) from a trained model or the path of a saved one."""
    from underthesea_core import CRFTagger

    if isinstance(model, Path):
        tagger = CRFTagger()
        tagger.load(str(model))
        return tagger
    return CRFTagger.from_model(model)
