"""The chain: what it learns, its sums over all labellings, and its file."""

from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.labels import chain as chains
from pipeline.labels import descent, rows, sequence
from pipeline.labels.chain import Chain
from pipeline.labels.names import names_of

LABELS = ("achievement", "shortcoming", "task")
UNITS = [
    [["w=đạt"], ["w=chậm", "w=còn"], ["w=còn"]],
    [["w=giao"]],
    [["w=đạt", "w=giao"], ["w=còn"], ["w=giao"], ["w=chậm"], ["w=đạt"]],
]


def _chain(seed: int, names: int = 60) -> Chain:
    drawn = np.random.default_rng(seed)
    state, following = drawn.normal(size=(names, 3)), drawn.normal(size=(3, 3))
    return Chain(LABELS, names_of([f"w={number}" for number in range(names)])[0], state, following)


def _drawn(chain: Chain, places: int) -> NDArray[np.intp]:
    """Forty attributes a place."""
    return np.random.default_rng(places).integers(0, len(chain.state), (places, 40))


def test_chain_gives_the_sums_over_all_labellings() -> None:
    chain = _chain(1)
    scores = chain.state[_drawn(chain, 3)].sum(axis=1)
    first, second, third = scores
    paths = first[:, None, None] + second[:, None] + third
    paths = paths + chain.following[:, :, None] + chain.following
    odds = np.exp(paths - paths.max())
    wanted = [odds.sum(axis=others) / odds.sum() for others in ((1, 2), (0, 2), (0, 1))]
    assert np.allclose(chain.marginals(scores), wanted, atol=1e-12)


def test_chain_of_a_long_document_keeps_its_scale() -> None:
    chain = _chain(2)
    scores = chain.state[_drawn(chain, 4000)].sum(axis=1)
    assert np.allclose(chain.marginals(scores).sum(axis=1), 1.0)


def test_chain_survives_saving(tmp_path: Path) -> None:
    chain = _chain(3)
    chain.save(tmp_path / "chain.npz")
    loaded = chains.load(tmp_path / "chain.npz")
    assert (loaded.labels, [*loaded.names]) == (chain.labels, [*chain.names])
    assert np.allclose(loaded.state, chain.state, atol=1e-2)
    assert np.allclose(loaded.following, chain.following, atol=1e-2)


def test_file_that_is_no_chain_is_refused(tmp_path: Path) -> None:
    (tmp_path / "chain.npz").write_bytes(b"no model at all" * 10)
    with pytest.raises(ValueError, match="pickle"):
        chains.load(tmp_path / "chain.npz")


def _likelihood(weights: NDArray[np.float64], right: list[NDArray[np.bool_]]) -> float:
    """The logarithm of the share of all labellings that is right, counted one by one."""
    names = sorted({name for units in UNITS for unit in units for name in unit})
    state, following = weights[:-9].reshape(-1, 3), weights[-9:].reshape(3, 3)
    total = 0.0
    for units, accepted in zip(UNITS, right, strict=True):
        scores = [sum(state[names.index(name)] for name in unit) for unit in units]
        sums = [0.0, 0.0]
        for path in product(range(3), repeat=len(units)):
            score = sum(row[label] for row, label in zip(scores, path, strict=True))
            score += sum(following[a, b] for a, b in pairwise(path))
            sums[0] += np.exp(score)
            is_right = all(row[label] for row, label in zip(accepted, path, strict=True))
            sums[1] += is_right * np.exp(score)
        total += np.log(sums[1] / sums[0])
    return float(total)


def test_chain_learns_by_the_slope_of_the_likelihood() -> None:
    drawn = np.random.default_rng(4)
    right = [drawn.random((len(units), 3)) < 0.4 for units in UNITS]
    for accepted in right:
        accepted[:, 0] |= ~accepted.any(axis=1)
    side = sequence.side_by_side([*map(len, UNITS)])
    units = [unit for sequence_of in UNITS for unit in sequence_of]
    table = rows.rows_of([units[number] for number in side.order], 1)
    weights = drawn.normal(size=3 * len(table.names) + 9)
    state, following = weights[:-9].reshape(-1, 3), weights[-9:].reshape(3, 3)
    is_right = np.concatenate(right)[side.order]
    loss, here, after = sequence.loss_of(table, side, is_right, state, following)
    slope = np.concatenate((table.spread(here).ravel(), after.ravel()))
    assert loss == pytest.approx(-_likelihood(weights, right))
    for place in range(len(weights)):
        step = np.zeros_like(weights)
        step[place] = 1e-5
        rise = _likelihood(weights + step, right) - _likelihood(weights - step, right)
        assert slope[place] == pytest.approx(-rise / 2e-5, abs=1e-6)


def test_chain_learns_what_follows_and_leaves_open_what_is_not_told() -> None:
    sequences = [[["w=mở"], ["w=đó"]], [["w=khác"], ["w=đó"]]] * 20
    told = np.eye(3, dtype=bool)
    right = [told[[0, 0]], told[[1, 1]]] * 20
    right[0] = np.ones((2, 3), dtype=bool)  # nothing is known of the first document
    chain = sequence.train(sequences, right, LABELS, min_count=1)
    state = dict(zip(chain.names, chain.state, strict=True))
    scores = np.array([state[name] for name in ("w=khác", "w=đó")])
    assert chain.marginals(scores).argmax(axis=1).tolist() == [1, 1]
    scores[0] = state["w=mở"]
    assert chain.marginals(scores).argmax(axis=1).tolist() == [0, 0]


def test_smallest_leaves_at_zero_what_is_not_worth_its_price() -> None:
    wanted = np.array([3.0, -2.0, 0.05, 0.0])

    def objective(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        return float(((weights - wanted) ** 2).sum()), 2 * (weights - wanted)

    found = descent.smallest(objective, 4, l1=0.2, steps=50, settled=50)
    assert np.allclose(found, [2.9, -1.9, 0.0, 0.0], atol=1e-3)
    assert (found[2:] == 0.0).all()


def test_smallest_is_the_mean_of_where_the_last_steps_led() -> None:
    scales = np.array([1.0, 30.0])

    def objective(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        return float((scales * (weights - 1) ** 2).sum()), 2 * scales * (weights - 1)

    second, third = (descent.smallest(objective, 2, l1=0.0, steps=n, settled=n) for n in (2, 3))
    found = descent.smallest(objective, 2, l1=0.0, steps=3, settled=1)
    assert not np.allclose(second, third)
    assert np.allclose(found, (second + third) / 2)
