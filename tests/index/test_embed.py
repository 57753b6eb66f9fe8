"""The bundled model, its files, and the texts that people give it."""

import hashlib
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import embed
from index.embed import MiniLM, fold_text, open_embedder, text_hash
from index.errors import EmbedderError
from index.settings import Settings

# The cosines that sentence-transformers finds with the original weights, in fp32 on torch.
REFERENCE = [0.9059, 0.4102, -0.0206]

SHORT = "Lions roar."
LONG = "The ministry said that the bridge over the river would stay closed until spring. " * 3


@pytest.fixture(scope="module")
def minilm() -> MiniLM:
    return MiniLM(threads=2)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return Path(shutil.copytree(embed.MODELS, tmp_path / "models"))


def run_python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_the_files_are_those_that_the_sums_state() -> None:
    for line in (embed.MODELS / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((embed.MODELS / name).read_bytes()).hexdigest() == digest


def test_the_licence_lies_beside_the_model() -> None:
    assert "Apache License" in (embed.MODELS / "LICENSE").read_text()
    assert "sentence-transformers" in (embed.MODELS / "NOTICE").read_text()


def test_vectors_are_rows_of_float32_of_unit_length(minilm: MiniLM) -> None:
    vectors = minilm.embed_texts([SHORT, LONG, "Who roared?"])
    assert vectors.shape == (3, minilm.dimensions) == (3, 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_no_texts_make_no_rows(minilm: MiniLM) -> None:
    assert minilm.embed_texts([]).shape == (0, 384)


def test_vectors_are_those_of_the_original_model(minilm: MiniLM) -> None:
    vectors = minilm.embed_texts(
        [
            "The bridge was closed after the storm.",
            "A storm forced the closure of the bridge.",
            "Strong winds damaged several roads.",
            "The central bank raised interest rates.",
        ]
    )
    assert vectors[0] @ vectors[1:].T == pytest.approx(REFERENCE, abs=0.03)


def test_a_question_finds_the_sentence_that_answers_it(minilm: MiniLM) -> None:
    sentences = minilm.embed_texts(
        [
            "The council voted to widen the road.",
            "Some 4,000 people fled the flood, officials said.",
            "Rain is forecast for the weekend.",
        ]
    )
    assert int(np.argmax(sentences @ minilm.embed_question("How many had to leave?"))) == 1


def test_rows_keep_the_order_of_their_texts(minilm: MiniLM) -> None:
    texts = [f"{'word ' * (number * 7 % 40)}number {number}" for number in range(40)]
    together = minilm.embed_texts(texts)
    alone = np.stack([minilm.embed_question(text) for text in texts])
    # Eight texts share one quantisation step, so a vector leans a little on its neighbours.
    assert (together * alone).sum(axis=1).min() > 0.97
    assert np.array_equal(np.argmax(together @ alone.T, axis=1), np.arange(40))


def test_one_thread_and_many_give_the_same_vectors(minilm: MiniLM) -> None:
    texts = [f"{SHORT} {'again ' * number}" for number in range(30)]
    assert np.array_equal(MiniLM(threads=1).embed_texts(texts), minilm.embed_texts(texts))


def test_many_callers_at_once_get_what_one_gets() -> None:
    model, found = MiniLM(threads=2), []
    callers = [
        threading.Thread(target=lambda: found.append(model.embed_question(LONG))) for _ in range(8)
    ]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert len(found) == 8
    assert all(np.array_equal(vector, found[0]) for vector in found)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t",
        "\x00\x07\x1b[31m",
        "\ud800 alone \udfff",
        "🦁🦁🦁",
        "ライオンが吠える",
        "\u202e\ufeff",
    ],
)
def test_odd_texts_have_vectors(minilm: MiniLM, text: str) -> None:
    assert np.linalg.norm(minilm.embed_question(text)) == pytest.approx(1, abs=1e-5)


@settings(max_examples=50, deadline=None)
@given(texts=st.lists(st.text(st.characters(), max_size=60), max_size=5))
def test_any_texts_have_finite_vectors(minilm: MiniLM, texts: list[str]) -> None:
    vectors = minilm.embed_texts(texts)
    assert vectors.shape == (len(texts), 384)
    assert np.isfinite(vectors).all()


def test_what_lies_beyond_256_tokens_is_cut(minilm: MiniLM) -> None:
    start = "river " * 300
    vectors = minilm.embed_texts([start, start + "the lions roared at night " * 50_000])
    assert np.allclose(vectors[0], vectors[1], atol=1e-5)


def test_names_of_special_tokens_are_words_in_a_text(minilm: MiniLM) -> None:
    vectors = minilm.embed_texts(["[PAD] [SEP] [PAD]", ""])
    assert vectors[0] @ vectors[1] < 0.9


def test_white_space_is_folded() -> None:
    assert fold_text(" a\r\n b\t\u00a0c ") == "a b c"
    assert text_hash("a\nb ") == text_hash("a b") != text_hash("ab")


def test_a_hash_is_32_digits_also_of_what_no_encoding_carries() -> None:
    assert text_hash("a b") == hashlib.sha256(b"a b").hexdigest()[:32]
    assert len(text_hash("\ud800")) == 32


def test_the_name_changes_with_the_files(files: Path) -> None:
    same = MiniLM(folder=files).name
    sums = files / "SHA256SUMS"
    sums.write_text(sums.read_text().translate(str.maketrans("0123456789", "1234567890")))
    assert same == MiniLM().name
    assert same != MiniLM(folder=files).name


@pytest.mark.parametrize("name", ["minilm.onnx", "tokenizer.json", "SHA256SUMS"])
def test_a_missing_file_is_one_line(files: Path, name: str) -> None:
    (files / name).unlink()
    with pytest.raises(EmbedderError) as caught:
        MiniLM(folder=files).embed_texts([SHORT])
    assert name in str(caught.value)
    assert "reinstall" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["minilm.onnx", "tokenizer.json", "SHA256SUMS"])
@pytest.mark.parametrize("kept", [0, 100])
def test_a_torn_file_is_one_line(files: Path, name: str, kept: int) -> None:
    (files / name).write_bytes((files / name).read_bytes()[:kept])
    with pytest.raises(EmbedderError, match=rf"{name} is damaged: reinstall"):
        MiniLM(folder=files).embed_texts([SHORT])


def test_one_flipped_bit_is_found(files: Path) -> None:
    data = bytearray((files / "minilm.onnx").read_bytes())
    data[len(data) // 2] ^= 1
    (files / "minilm.onnx").write_bytes(data)
    with pytest.raises(EmbedderError, match=r"minilm\.onnx is damaged"):
        MiniLM(folder=files).embed_question(SHORT)


def test_nothing_is_opened_before_the_first_text(tmp_path: Path) -> None:
    assert MiniLM(folder=tmp_path / "nowhere").dimensions == 384


def test_importing_and_opening_load_no_runtime() -> None:
    code = (
        "import sys; from index.embed import open_embedder; from index.settings import Settings;"
        "open_embedder(Settings()).name;"
        "print(sorted({'onnxruntime', 'tokenizers', 'llama_index', 'numpy'} & set(sys.modules)))"
    )
    assert run_python(code) == "[]"


def test_onnxruntime_is_imported_with_its_telemetry_off() -> None:
    code = (
        "import os, sys; os.environ.pop('ORT_DISABLE_TELEMETRY', None)\n"
        "class Watch:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'onnxruntime': print(os.environ.get('ORT_DISABLE_TELEMETRY'))\n"
        "sys.meta_path.insert(0, Watch())\n"
        "from index.embed import MiniLM; MiniLM().embed_question('Who?')"
    )
    assert run_python(code) == "1"


def test_only_one_function_imports_onnxruntime() -> None:
    root = Path(embed.__file__).parents[1]
    sources = [path for folder in ("bot", "index") for path in (root / folder).rglob("*.py")]
    importing = [
        (path.name, line.strip())
        for path in sources
        for line in path.read_text(encoding="utf-8").splitlines()
        if "onnxruntime" in line and "import" in line and not line.lstrip().startswith(("#", '"'))
    ]
    assert {name for name, _ in importing} == {"embed.py"}
    calls = [line for _, line in importing if line.startswith("return importlib")]
    assert calls == ['return importlib.import_module("onnxruntime")']


def test_the_cores_are_those_of_the_process() -> None:
    assert 1 <= embed.available_cores() <= (os.cpu_count() or 1)


def test_the_bundled_model_is_the_default() -> None:
    assert isinstance(open_embedder(Settings()), MiniLM)
