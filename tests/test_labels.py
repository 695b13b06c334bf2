"""Cues, training, blending and calibration of the label model."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.labels import acceptance, training
from pipeline.labels.features import OF_FAMILY, features_of, spelled
from pipeline.labels.model import LABELS, LabelModel, label_units, load_model
from pipeline.labels.names import names_of
from pipeline.labels.numbers import Weights
from pipeline.labels.sight import cue_table
from pipeline.labels.speakers import find_speakers
from pipeline.labels.tokens import END, WordNumbers, _powers, hashes_of, tokens_of
from pipeline.labels.written import read_written
from pipeline.process import process, structured
from pipeline.readers import read
from pipeline.resources import models_dir
from pipeline.text.characters import codes_of
from pipeline.text.keys import Keys
from pipeline.train import draft_from

WRITTEN = sorted((models_dir() / "training" / "labels").glob("*.txt"))


@pytest.fixture(scope="module")
def examples() -> list[training.Example]:
    return [
        training.example_of(name, draft_from(text.encode(), f"{name}.txt"), gold)
        for name, text, gold in map(read_written, WRITTEN[:8])
    ]


@pytest.fixture(scope="module")
def trained(examples: list[training.Example]) -> LabelModel:
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
        ("kiểm tra 28/28 hồ sơ", "full"),
        ("giải ngân được 6,1% vốn", "few"),
        ("đạt 98,5% số hồ sơ", "most"),
        ("có 5/12 đơn vị nộp", "share"),
        ("việc ký hợp đồng này là sai quy định", "breach"),
        ("tờ trình chưa đáp ứng yêu cầu về thẩm định", "breach"),
        ("độ mặn đã vượt giới hạn cho phép", "over"),
        ("trạm bơm đã dừng hoạt động do lỗ nặng", "loss"),
        ("không có bộ phận nào để xảy ra vi phạm", "clean"),
        ("chủ bến thuyền hứa không chở quá tải", "pledge"),
        ("báo sẽ tiếp tục thông tin vụ việc", "press"),
        ("xã kiến nghị cấp thêm máy bơm", "ask"),
    ],
)
def test_cues_of_sentences(sentence: str, cue: str) -> None:
    assert _has_cue([sentence], cue) == [True]


@pytest.mark.parametrize(
    ("sentence", "cue"),
    [
        ("công tác thông tin không đổi", "expert"),
        ("lập kế hoạch năm", "will"),
        ("ngăn chặn dịch bệnh", "violation"),
        ("tạm dừng thông quan", "decide"),
        ("họp ngày 9/9/2020", "full"),
        ("đạt 58,3% số hộ", "few"),
        ("phòng nghiên cứu, đề xuất cách làm", "ask"),
        ("trả lời phản ánh, kiến nghị của người dân", "ask"),
        ("nộp hồ sơ đề nghị cấp phép", "order"),
        ("cơ bản đáp ứng yêu cầu", "order"),
        ("sản lượng vượt mức kế hoạch", "over"),
        ("không có cán bộ trực", "clean"),
        ("chỉ số vượt ngưỡng an toàn", "done"),
    ],
)
def test_cues_are_not_parts_of_other_words_or_numbers(sentence: str, cue: str) -> None:
    assert _has_cue([sentence], cue) == [False]


def test_who_spoke_last_is_known_until_the_next_heading() -> None:
    text = """SỞ THỦY LỢI
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
THÔNG BÁO
Về việc sửa kênh

Máy bơm số hai đã hỏng.
Giám đốc Sở Thủy lợi nói rõ như vậy trước hội nghị.
Kênh cũ cần được nạo vét. Nước nên được lọc kỹ hơn.
Người dân phản ánh nước đục.
II. NHỮNG VIỆC CÒN LẠI
Đập tràn xây năm 1998.
"""
    found = [
        name.removeprefix("heard=")
        for unit in spelled(draft_from(text.encode(), "a.txt"))[0]
        for name in unit
        if name.startswith("heard=")
    ]
    assert found == ["none", "leader", "leader", "leader", "expert", "none", "none"]


def test_cues_of_the_start_stand_there_only() -> None:
    assert _has_cue(["về việc nộp hồ sơ", "nói về việc đó"], "^about") == [True, False]


def _has_cue(sentences: list[str], cue: str) -> list[bool]:
    found = cue_table().find(sentences, codes_of("\n".join([*sentences, ""])))
    return found[:, cue_table().names.index(cue)].tolist()


TOKEN = re.compile(r"[^\W\d_]+|[0-9]+(?:[.,][0-9]+)*|%")


@given(st.text("ađế19.,% _²½-x\ud800中\U0001d7ce", max_size=12))
def test_tokens_of(sentence: str) -> None:
    assert tokens_of(sentence) == TOKEN.findall(re.sub(r"\d", "0", sentence))


@given(st.text("ađế19.,% \n_²½-x\ud800中\U0001d7ce", max_size=40), st.text("ađ0., \n", max_size=9))
def test_vocabulary_knows_the_tokens_of_a_text(text: str, other: str) -> None:
    hashes, others = hashes_of(codes_of(text)), hashes_of(codes_of(other))
    vocabulary = WordNumbers(hashes)
    tokens = tokens_of(text)
    numbers = vocabulary.numbers(hashes).tolist()
    number_of = {"\n": END, **dict(zip(tokens, numbers, strict=True))}
    assert [number_of[token] for token in tokens] == numbers
    assert sorted(number_of.values()) == [*range(vocabulary.unknown)]
    found = [number_of.get(token, vocabulary.unknown) for token in tokens_of(other)]
    assert vocabulary.numbers(others).tolist() == found


def test_powers_of_the_longest_texts_are_not_kept() -> None:
    words = "rà soát hồ sơ "
    few = len(set(hashes_of(codes_of(words)).tolist()))
    _powers.cache_clear()
    assert len(set(hashes_of(codes_of(words * 80_000)).tolist())) == few
    assert _powers.cache_info().currsize == 0


@given(
    st.lists(st.integers(-2, 2**40), unique=True, max_size=300), st.lists(st.integers(-1, 2**40))
)
def test_keys_are_found_where_they_stand(keys: list[int], others: list[int]) -> None:
    table = Keys(np.array(keys, dtype=np.intp))
    wanted = [keys.index(key) if key in keys else len(keys) for key in [*keys, *others]]
    assert table.find(np.array([*keys, *others], dtype=np.intp)).tolist() == wanted


def test_names_of_features_are_kept_as_they_are_spelled() -> None:
    spelled = ["b=giao cho", "c=order", "e2=nay", "h0=a", "n:s2=", "p:s2=a b", "s1=a", "s3=a b c"]
    names, order = names_of(spelled)
    assert names.others == ("c=order", "h0=a")
    assert [*names] == [spelled[place] for place in order]
    assert sorted(order.tolist()) == [*range(len(spelled))]


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


def test_units_that_are_cut_otherwise_get_the_labels_of_what_they_hold() -> None:
    text = "Sân kho\n\nKho đã quét dọn sạch sẽ, cửa sau còn hỏng khóa. Mái lợp lại năm ngoái.\n"
    first, comma, end = text.index("Kho"), text.index("cửa"), text.index(" Mái")
    gold = {
        "units": [{"start": first, "end": comma}, {"start": comma, "end": end}],
        "labels": ["ACH", "SHO"],
        "alt": {"1": ["CTX"]},
    }
    example = training.example_of("kho", draft_from(text.encode(), "kho.txt"), gold)
    body = [(example.draft.units[i].start, labels) for i, labels in enumerate(example.accepted)]
    assert (first, {"achievement", "shortcoming", "context"}) in body
    assert (end + 1, set()) in body, "where no label was given, none is learned"
    assert end + 1 not in [example.draft.units[i].start for i in example.body]


def test_training_is_deterministic(
    examples: list[training.Example], trained: LabelModel, tmp_path: Path
) -> None:
    again = training.train(examples, "labels-test")
    assert np.array_equal(again.acceptance.weights, trained.acceptance.weights)
    draft = examples[0].draft
    assert label_units(draft, again) == label_units(draft, trained)


def test_model_learns_its_training_documents(
    examples: list[training.Example], trained: LabelModel
) -> None:
    models = {example.name: trained for example in examples}
    assert training.accepted_share(examples, models) > 0.95


def test_model_survives_saving(
    examples: list[training.Example], trained: LabelModel, tmp_path: Path
) -> None:
    training.save(trained, tmp_path, {"documents": len(examples)})
    loaded = load_model(tmp_path)
    for old, new in ((trained.chain, loaded.chain), (trained.acceptance, loaded.acceptance)):
        assert [*new.names] == [*old.names]
    assert np.allclose(loaded.chain.state, trained.chain.state, atol=1e-2)
    before, after = (label_units(examples[1].draft, m) for m in (trained, loaded))
    assert [x and x.label for x in before] == [x and x.label for x in after]


def test_confidence_is_calibrated_upwards(
    examples: list[training.Example], trained: LabelModel
) -> None:
    table = training.calibration(examples, {e.name: trained for e in examples})
    assert len(table) == 21
    assert list(table) == sorted(table)
    assert 0.0 <= table[0] <= table[-1] <= 1.0


def test_acceptance_knows_two_right_answers() -> None:
    rows = [["w=đạt"], ["w=chậm"], ["w=đạt", "w=chậm"]] * 20
    wanted = np.array([[True, False], [False, True], [True, True]] * 20)
    model = acceptance.train(rows, wanted, ("achievement", "shortcoming"))
    rows = [["w=đạt", "w=chậm"], ["w=đạt"], ["w=lạ"]]
    names = [*model.names]
    known = [[names.index(name) for name in row if name in names] for row in rows]
    sums = np.array([model.weights[row].sum(axis=0) for row in known])
    both, first, strange = model.predict(sums, np.array([len(row) for row in known]))
    assert (both > 0.5).all()
    assert first.argmax() == 0
    assert strange.shape == (2,)


def test_sums_are_those_of_the_features_as_strings(examples: list[training.Example]) -> None:
    """Of two models that know a third of the features each, some of them for the family."""
    for draft in (examples[0].draft, examples[1].draft):
        family = draft.family
        own, around = spelled(draft)
        rows = [[*row, *more] for row, more in zip(own, around, strict=True)]
        names = sorted({name for row in rows for name in row})
        words = [name for name in names if name.startswith("w=")]
        own = [f"{family}:{name}" for name in names[::5] if name.startswith(OF_FAMILY)]
        known = {name: place for place, name in enumerate(sorted({*names[::3], *words, *own}))}
        drawn = np.random.default_rng(1).normal(size=(2, max(len(names), len(known)), 2))
        chain, linear = drawn[0, : len(names[::2])], drawn[1, : len(known)]
        own = [name for name in names[::2] if not name.startswith(("p:w=", "n:w="))]
        chain = chain[: len(own)]
        (in_chain, of_chain), (in_linear, of_linear) = map(names_of, (own, [*known]))
        weights = Weights(in_chain, chain[of_chain], in_linear, linear[of_linear])
        sums = weights.sums(features_of(draft, weights.vocabulary), family)
        by_chain = dict(zip(own, drawn[0], strict=False))
        by_linear = dict(zip(known, drawn[1], strict=False))
        for index, row in enumerate(rows):
            linear = [*row, *(f"{family}:{name}" for name in row)]
            assert sums.known[index] == sum(name in by_linear for name in linear)
            for found, table, wanted in (
                (sums.chain, by_chain, row),
                (sums.linear, by_linear, linear),
            ):
                total = sum((table[name] for name in wanted if name in table), np.zeros(2))
                assert np.allclose(found[index], total, atol=1e-4)


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
