"""What LlamaIndex sees of us, and what we see of its embeddings."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.schema import Document, MetadataMode, NodeRelationship, TextNode

from index.embed import EmbeddedArticle, MiniLM, open_embedder, text_hash
from index.errors import EmbedderError, SettingsError
from index.llamaindex import (
    ArticleNodeParser,
    PullquoteEmbedding,
    article_from,
    document_from,
    embed_articles,
)
from index.settings import Settings
from index.split import split_article
from index.types import Article, Paragraph

if TYPE_CHECKING:
    from index.types import Matrix, Vector

HERE = __name__


class Counter:
    """An embedder that counts: a text's vector is its letters, whatever else it is asked with."""

    name = "letters"
    dimensions = 26

    def __init__(self) -> None:
        self.calls: list[list[str]] = []

    def embed_texts(self, texts: Sequence[str]) -> Matrix:
        self.calls.append(list(texts))
        rows = [[1 + text.lower().count(chr(97 + i)) for i in range(26)] for text in texts]
        matrix = np.array(rows, np.float32).reshape(-1, 26)
        return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)

    def embed_question(self, question: str) -> Vector:
        return self.embed_texts([question])[0]


class Lengths(BaseEmbedding):
    """A LlamaIndex embedding as others write them: its vectors have any length."""

    factor: float = 1.0

    def _get_text_embedding(self, text: str) -> list[float]:
        if "crash" in text:
            raise RuntimeError("the service\nis down")
        return [self.factor * len(text), self.factor * text.count(" "), 0.0]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)


class Ragged(Lengths):
    """Forgets a number now and then."""

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return [[1.0] * (1 + number % 2) for number, _ in enumerate(texts)]


class Refusing(Lengths):
    """Cannot be made: its server does not answer."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401, ARG002 - as LlamaIndex
        raise ConnectionError("no server at port 1")


class NotAnEmbedding:
    """Something else."""


def article(path: str, *paragraphs: str, **about: Any) -> Article:  # noqa: ANN401
    text, spans = "Skip to content\n\n", []
    for paragraph in paragraphs:
        spans.append(Paragraph(start=len(text), end=len(text) + len(paragraph)))
        text += f"{paragraph}\n\n"
    return Article(path=path, text=text, title="A title", paragraphs=tuple(spans), **about)


def known_of(vectors: Mapping[str, Vector]) -> Any:  # noqa: ANN401
    return lambda hashes: {each: vectors[each] for each in hashes if each in vectors}


REPEATING = article(
    "lions.txt",
    "Lions roar. Nobody sleeps. Lions roar.",
    "Lions roar. The keeper, who is new, said so.",
    outlet="The Den",
    published=date(2024, 10, 30),
)


def embedded(*articles: Article, embedder: Counter | None = None) -> list[EmbeddedArticle]:
    return embed_articles(articles, embedder=embedder or Counter(), known=known_of({}))


def test_a_document_holds_all_of_its_article() -> None:
    assert article_from(document_from(REPEATING)) == REPEATING


def test_a_document_s_metadata_is_never_embedded() -> None:
    assert document_from(REPEATING).get_content(MetadataMode.EMBED) == REPEATING.text


def test_sentences_are_exact_spans_also_where_text_repeats() -> None:
    nodes = ArticleNodeParser(unit="sentence")([document_from(REPEATING)])
    spans = [(node.start_char_idx, node.end_char_idx) for node in nodes]  # type: ignore[attr-defined]
    assert [node.get_content() for node in nodes].count("Lions roar.") == 3
    assert spans == sorted(set(spans))
    assert [REPEATING.text[start:end] for start, end in spans] == [n.get_content() for n in nodes]


def test_passages_are_what_splitting_gives() -> None:
    nodes = ArticleNodeParser()([document_from(REPEATING)])
    spans = [(node.start_char_idx, node.end_char_idx) for node in nodes]  # type: ignore[attr-defined]
    assert spans == [(passage.start, passage.end) for passage in split_article(REPEATING)]


def test_ids_follow_from_content() -> None:
    parse = ArticleNodeParser(unit="sentence")
    first = [node.node_id for node in parse([document_from(REPEATING)])]
    assert first == [node.node_id for node in parse([document_from(REPEATING)])]
    assert first[1] == f"{REPEATING.id}@{REPEATING.version}:1"
    assert len(set(first)) == len(first)


def test_a_passage_can_be_cited_and_its_metadata_is_not_embedded() -> None:
    (node,) = ArticleNodeParser()([document_from(REPEATING)])
    assert node.metadata == {
        "article": "lions.txt",
        "title": "A title",
        "outlet": "The Den",
        "published": "2024-10-30",
    }
    assert node.get_content(MetadataMode.EMBED) == node.get_content(MetadataMode.NONE)
    assert node.ref_doc_id == REPEATING.id


def test_neighbours_are_told_on_request() -> None:
    parser = ArticleNodeParser(unit="sentence", include_prev_next_rel=True)
    first, second = parser([document_from(REPEATING)])[:2]
    assert first.next_node is not None
    assert first.next_node.node_id == second.node_id
    assert NodeRelationship.PREVIOUS not in first.relationships


def test_a_plain_document_is_cleaned() -> None:
    sentence = "The keeper of the town's only zoo said on Friday that two lions had escaped."
    text = f"Menu\nShare\n\nLions escape from zoo\n\n{sentence} {sentence}\n\nSubscribe now\n"
    nodes = ArticleNodeParser(unit="sentence")([Document(text=text)])
    assert sentence in [node.get_content() for node in nodes]
    assert all("Subscribe" not in node.get_content() for node in nodes)
    assert all(
        text[node.start_char_idx : node.end_char_idx] == node.get_content()
        for node in nodes
        if isinstance(node, TextNode)
    )


def test_articles_come_back_in_order_with_a_vector_a_sentence() -> None:
    other = article("zebras.txt", "Zebras graze.")
    empty = article("empty.txt")
    results = embedded(other, empty, REPEATING)
    assert [result.article.path for result in results] == ["zebras.txt", "empty.txt", "lions.txt"]
    assert [result.vectors.shape for result in results] == [(1, 26), (0, 26), (5, 26)]
    assert [result.passages for result in results] == [
        split_article(each) for each in (other, empty, REPEATING)
    ]


def test_rows_belong_to_their_sentences() -> None:
    (result,) = embedded(REPEATING)
    sentences = [each for passage in result.passages for each in passage.sentences]
    texts = [REPEATING.text[each.start : each.end] for each in sentences]
    assert np.allclose(result.vectors, Counter().embed_texts(texts))
    assert result.vectors.dtype == np.float32


def test_nothing_is_embedded_twice() -> None:
    counter = Counter()
    embedded(REPEATING, article("again.txt", "Lions\nroar."), embedder=counter)
    assert counter.calls == [["Lions roar.", "Nobody sleeps.", "The keeper, who is new, said so."]]


def test_what_is_known_is_not_embedded() -> None:
    counter, vector = Counter(), np.eye(26, dtype=np.float32)[3]
    (result,) = embed_articles(
        [REPEATING], embedder=counter, known=known_of({text_hash("Lions roar."): vector})
    )
    assert counter.calls == [["Nobody sleeps.", "The keeper, who is new, said so."]]
    assert [bool((row == vector).all()) for row in result.vectors] == [1, 0, 1, 1, 0]


def test_many_articles_go_through_in_several_runs() -> None:
    articles = [article(f"{number}.txt", f"Lion number {number} roars.") for number in range(40)]
    results = embedded(*articles)
    assert [result.article for result in results] == articles
    assert all(len(result.vectors) == 1 for result in results)


@given(st.lists(st.text(st.characters(), min_size=1).filter(str.strip), max_size=4))
def test_any_article_is_embedded(paragraphs: list[str]) -> None:
    (result,) = embedded(article("any.txt", *paragraphs))
    assert result.passages == split_article(result.article)
    assert len(result.vectors) == sum(len(passage.sentences) for passage in result.passages)


def test_the_embedding_passes_a_batch_on_at_once() -> None:
    counter = Counter()
    vectors = PullquoteEmbedding(counter).get_text_embedding_batch([f"text {i}" for i in range(99)])
    assert [len(call) for call in counter.calls] == [99]
    assert np.shape(vectors) == (99, 26)


def test_the_embedding_answers_the_same_when_awaited() -> None:
    embedding = PullquoteEmbedding(Counter())
    assert asyncio.run(embedding.aget_query_embedding("Who?")) == embedding.get_query_embedding(
        "Who?"
    )
    assert asyncio.run(embedding.aget_text_embedding_batch(["a", "b"])) == [
        embedding.get_text_embedding("a"),
        embedding.get_text_embedding("b"),
    ]


def test_the_embedding_carries_the_bundled_model_by_itself() -> None:
    embedding = PullquoteEmbedding()
    assert embedding.model_name == MiniLM().name
    assert len(embedding.get_query_embedding("Who?")) == 384


def open_foreign(name: str, **options: object) -> Any:  # noqa: ANN401
    return open_embedder(Settings(embedding=f"{HERE}.{name}", embedding_options=options))


def test_a_foreign_embedding_s_vectors_have_unit_length() -> None:
    lengths = open_foreign("Lengths", factor=5.0)
    vectors = lengths.embed_texts(["four", "and  five"])
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1)
    assert lengths.embed_question("and\nfive") == pytest.approx(vectors[1])
    assert lengths.dimensions == 3
    assert lengths.embed_texts([]).shape == (0, 3)


def test_a_foreign_name_changes_with_the_options_but_not_with_a_secret() -> None:
    name = open_foreign("Lengths", factor=1.0).name
    assert name.startswith(f"{HERE}.Lengths/")
    assert name == open_foreign("Lengths", factor=1.0, api_key="hidden").name
    assert name != open_foreign("Lengths", factor=2.0).name


@pytest.mark.parametrize("factor", [0.0, float("nan"), float("inf")])
def test_a_vector_without_direction_is_refused(factor: float) -> None:
    with pytest.raises(EmbedderError, match="Lengths"):
        open_foreign("Lengths", factor=factor).embed_texts(["text"])


@pytest.mark.parametrize(("name", "text"), [("Ragged", "a"), ("Lengths", "crash")])
def test_what_a_foreign_embedding_raises_is_one_line(name: str, text: str) -> None:
    with pytest.raises(EmbedderError, match=name) as caught:
        open_foreign(name).embed_texts([text, text])
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("openai", 'use "minilm"'),
        ("no.such.module.Class", "cannot be imported"),
        (".Class", "cannot be imported|use"),
        (f"{HERE}.Missing", "not a LlamaIndex embedding"),
        (f"{HERE}.NotAnEmbedding", "not a LlamaIndex embedding"),
        (f"{HERE}.Counter", "not a LlamaIndex embedding"),
    ],
)
def test_a_wrong_path_is_a_wrong_setting(path: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says) as caught:
        open_embedder(Settings(embedding=path))
    assert "\n" not in str(caught.value)


def test_a_wrong_option_is_a_wrong_setting_and_is_not_repeated() -> None:
    with pytest.raises(SettingsError, match="factor") as caught:
        open_foreign("Lengths", factor="hidden")
    assert "hidden" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_embedding_that_cannot_be_made_says_why() -> None:
    with pytest.raises(EmbedderError, match="Refusing cannot be made: no server at port 1"):
        open_foreign("Refusing")


def test_the_pipeline_leaves_the_settings_of_llama_index_alone() -> None:
    code = (
        "import sys\n"
        "from index.embed import MiniLM\n"
        "from index.llamaindex import embed_articles\n"
        "from index.types import Article, Paragraph\n"
        "body = (Paragraph(start=0, end=11),)\n"
        "a = Article(path='a', text='Lions roar.', title='', paragraphs=body)\n"
        "print(len(embed_articles([a], embedder=MiniLM(), known=lambda h: {})))\n"
        "from llama_index.core import Settings\n"
        "print(Settings._embed_model, Settings._llm, Settings._node_parser)\n"
        "print('openai' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:3] == ["1", "None None None", "False"]
