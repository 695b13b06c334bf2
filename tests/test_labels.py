"""Cues, training, blending and calibration of the label model."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from underthesea_core import CRFTagger

from pipeline.labels import acceptance, training
from pipeline.labels.chain import Chain, read_chain
from pipeline.labels.features import cues_of, features_of, look_at, neighbour_words, spelled
from pipeline.labels.model import LABELS, context_of, label_units, load_model
from pipeline.labels.numbers import NONE, Numbers
from pipeline.labels.speakers import find_speakers
from pipeline.labels.written import read_written
from pipeline.process import process, structured
from pipeline.readers import read
from pipeline.resources import models_dir
from pipeline.train import draft_from

WRITTEN = sorted((models_dir() / "training" / "labels").glob("*.txt"))


@pytest.fixture(scope="module")
def examples() -> list[training.Example]:
    return [
        training.example_of(name, draft_from(text.encode(), f"{name}.txt"), gold)
        for name, text, gold in map(read_written, WRITTEN[:8])
    ]


@pytest.fixture(scope="module")
def trained(examples: list[training.Example]) -> training.Trained:
    return training.train(examples, "labels-test")


@pytest.mark.parametrize(
    ("sentence", "cue"),
    [
        ("giao văn phòng sở theo dõi, đôn đốc", "order"),
        ("việc lập hồ sơ còn chậm so với yêu cầu", "not_yet"),
        ("nguyên nhân là do thiếu người", "cause"),
        ("hoàn thành trước ngày 15/8", "deadline"),
        ("tuy nhiên, một số đơn vị chưa nộp", "^contrast"),
        ("rà soát toàn bộ hồ sơ", "^act"),
        ("biểu dương phòng một cửa", "praise"),
    ],
)
def test_cues_of(sentence: str, cue: str) -> None:
    assert cue in cues_of([sentence])[0]


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.stem)
def test_training_documents_can_be_read(path: Path) -> None:
    written = read_written(path)
    units = written.gold["units"]
    assert len(units) == len(written.gold["labels"]) > 10
    assert all(written.text[u["start"] : u["end"]].strip() for u in units)


def test_training_document_without_label_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("# kind: TB | title: Kết luận\nCâu này không có nhãn.\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.txt:2"):
        read_written(path)


def test_training_is_deterministic(
    examples: list[training.Example], trained: training.Trained, tmp_path: Path
) -> None:
    again = training.train(examples, "labels-test")
    assert np.array_equal(again.model.acceptance.weights, trained.model.acceptance.weights)
    draft = examples[0].draft
    assert label_units(draft, again.model) == label_units(draft, trained.model)


def test_model_learns_its_training_documents(
    examples: list[training.Example], trained: training.Trained
) -> None:
    models = {example.name: trained.model for example in examples}
    assert training.accepted_share(examples, models) > 0.95


def test_model_survives_saving(
    examples: list[training.Example], trained: training.Trained, tmp_path: Path
) -> None:
    training.save(trained, tmp_path, {"documents": len(examples)})
    loaded = load_model(tmp_path)
    before, after = (label_units(examples[1].draft, m) for m in (trained.model, loaded))
    assert [x and x.label for x in before] == [x and x.label for x in after]


def test_confidence_is_calibrated_upwards(
    examples: list[training.Example], trained: training.Trained
) -> None:
    table = training.calibration(examples, {e.name: trained.model for e in examples})
    assert len(table) == 21
    assert list(table) == sorted(table)
    assert 0.0 <= table[0] <= table[-1] <= 1.0


def test_acceptance_knows_two_right_answers() -> None:
    rows = [["w=đạt"], ["w=chậm"], ["w=đạt", "w=chậm"]] * 20
    wanted = np.array([[True, False], [False, True], [True, True]] * 20)
    model = acceptance.train(rows, wanted, ("achievement", "shortcoming"))
    named = Numbers(model.names)
    rows = [["w=đạt", "w=chậm"], ["w=đạt"], ["w=lạ"]]
    features = [[NONE, *named("", row)] for row in rows]
    starts = np.cumsum([0, *map(len, features[:-1])])
    both, first, strange = model.predict(np.concatenate(features), starts)
    assert (both > 0.5).all()
    assert first.argmax() == 0
    assert strange.shape == (2,)


def test_numbers_are_those_of_the_features_as_strings(examples: list[training.Example]) -> None:
    draft = examples[0].draft
    context = context_of(draft)
    looks = look_at(draft.flat, draft.units, context)
    strings = features_of(draft.units, looks, context, spelled)
    for index, row in enumerate(strings):
        row += neighbour_words(index, looks, spelled)
    names = sorted({name for row in strings for name in row})[::3]
    named = Numbers({name: place for place, name in enumerate(names)})
    numbers = features_of(draft.units, looks, context, named)
    for index, found in enumerate(numbers):
        found += neighbour_words(index, looks, named)
        known = [name for name in strings[index] if name in set(names)]
        assert sorted(names[number - 1] for number in found) == sorted(known)


@pytest.fixture(scope="module")
def chain() -> Chain:
    return read_chain(models_dir() / "trained" / "labels" / "crf.bin")


def _drawn(chain: Chain, places: int) -> tuple[NDArray[np.int32], NDArray[np.intp]]:
    """Forty attributes a place."""
    drawn = np.random.default_rng(places).integers(0, len(chain.names), 40 * places)
    return drawn.astype(np.int32), np.arange(0, 40 * places, 40)


def test_chain_gives_the_sums_over_all_labellings(chain: Chain) -> None:
    attributes, starts = _drawn(chain, 3)
    first, second, third = np.add.reduceat(chain.state[attributes], starts)
    paths = first[:, None, None] + second[:, None] + third
    paths = paths + chain.following[:, :, None] + chain.following
    odds = np.exp(paths - paths.max())
    wanted = [odds.sum(axis=others) / odds.sum() for others in ((1, 2), (0, 2), (0, 1))]
    assert np.allclose(chain.marginals(attributes, starts), wanted, atol=1e-12)


def test_chain_gives_what_the_library_that_trained_it_gives(chain: Chain) -> None:
    tagger = CRFTagger()
    tagger.load(str(models_dir() / "trained" / "labels" / "crf.bin"))
    attributes, starts = _drawn(chain, 30)
    rows = [[chain.names[number] for number in attributes[at : at + 40]] for at in starts]
    assert list(chain.labels) == tagger.labels()
    assert np.allclose(chain.marginals(attributes, starts), tagger.marginals(rows), atol=1e-9)


def test_chain_of_a_long_document_keeps_its_scale(chain: Chain) -> None:
    attributes, starts = _drawn(chain, 4000)
    assert np.allclose(chain.marginals(attributes, starts).sum(axis=1), 1.0)


def test_attribute_that_is_not_known_changes_nothing(chain: Chain) -> None:
    attributes, starts = _drawn(chain, 5)
    more = np.append(attributes, np.int32(len(chain.names)))
    assert np.allclose(chain.marginals(more, starts), chain.marginals(attributes, starts))


def test_file_that_is_no_crf_is_refused(tmp_path: Path) -> None:
    (tmp_path / "crf.bin").write_bytes(b"no model at all" * 10)
    with pytest.raises(ValueError, match=r"crf\.bin"):
        read_chain(tmp_path / "crf.bin")


def test_shipped_model_labels_a_notice_it_never_saw() -> None:
    text = (
        "SỞ NỘI VỤ\nSố: 12/TB-SNV\nTHÔNG BÁO\nKết luận kiểm tra công tác văn thư\n"
        "I. Kết quả đạt được\n- Văn bản đến được đăng ký đầy đủ, kịp thời ngay trong ngày.\n"
        "II. Tồn tại, hạn chế\n- Một số phòng chưa lập hồ sơ công việc, còn chậm nộp lưu.\n"
        "III. Yêu cầu\n- Các phòng khẩn trương lập hồ sơ, nộp lưu trước ngày 30/9/2022.\n"
    )
    record = process(text.encode(), "thong-bao.txt")
    labels = [s.label for s in record.statements if s.label != "context"]
    assert labels == ["achievement", "shortcoming", "task"]
    assert all(0.0 <= s.confidence <= 1.0 for s in record.statements)
    assert set(LABELS) > {s.label for s in record.statements}


SPEAKERS = [
    ("Ông Trần Văn Bảy, Giám đốc Sở Xây dựng, cho biết hồ sơ đã đủ.", "Ông Trần Văn Bảy"),
    ("Chủ tịch UBND huyện yêu cầu làm xong trong tháng.", "Chủ tịch UBND huyện"),
    ("Theo Sở Tài chính, số thu tăng 5%.", "Sở Tài chính"),
    ("Đoàn đề nghị Sở Y tế báo cáo lại.", None),
    ("Đường làm xong từ tháng trước.", None),
]


@pytest.mark.parametrize(("sentence", "speaker"), SPEAKERS)
def test_find_speakers(sentence: str, speaker: str | None) -> None:
    text = f"Huyện vùng cao gỡ khó cho dân\n\nSáng 5/3, đoàn công tác đến huyện. {sentence}\n"
    draft = structured(read(text.encode(), "tin.txt"))[0]
    found = find_speakers(draft)
    values = [found[unit.start].value for unit in draft.units if unit.start in found]
    assert values == ([speaker] if speaker else [])


def test_pronoun_speaks_for_the_person_named_last() -> None:
    text = (
        "Huyện gỡ khó\n\nÔng Lê Văn Tám khẳng định đường sẽ xong. "
        "Ông cũng nhấn mạnh phải giữ chất lượng.\n"
    )
    draft = structured(read(text.encode(), "tin.txt"))[0]
    last = list(find_speakers(draft).values())[-1]
    assert last.value == "Ông Lê Văn Tám"
    assert last.inherited
    assert text[last.start : last.end] == last.quote
