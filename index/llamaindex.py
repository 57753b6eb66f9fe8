"""The seam to LlamaIndex, and the only module that imports it.

Indexing runs as an ``IngestionPipeline`` of transformations alone: its docstore would delete an
article before the new version is embedded, its cache is one entry a batch. No global setting of
LlamaIndex is read or written.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.ingestion import IngestionPipeline
from llama_index.core.node_parser import NodeParser
from llama_index.core.schema import (
    BaseNode,
    Document,
    MetadataMode,
    NodeRelationship,
    RelatedNodeInfo,
    TextNode,
)

from index.clean import clean_text
from index.embed import EmbeddedArticle, Embedder, MiniLM, fold_text, replace_surrogates, text_hash
from index.split import split_article
from index.types import Article, Paragraph, Passage, Sentence

if TYPE_CHECKING:
    from index.types import Vector

# The key of a document's metadata that holds an article without its text.
ARTICLE = "pullquote_article"

# Articles that go through the pipeline at once: a node holds its vector as a list of floats, 12 kB.
ARTICLES_PER_RUN = 16

# The most texts that LlamaIndex lets an embedding take in one call.
TEXTS_PER_CALL = 2048

Unit = Literal["sentence", "passage"]


def document_from(article: Article) -> Document:
    """Return the article as a document that ``ArticleNodeParser`` need not clean again."""
    published = article.published and article.published.isoformat()
    known = {
        "path": article.path,
        "title": article.title,
        "outlet": article.outlet,
        "byline": article.byline,
        "published": published,
        "url": article.url,
        "identity": article.identity,
        "paragraphs": [[each.start, each.end, each.kind] for each in article.paragraphs],
    }
    return Document(
        id_=article.id,
        # A lone surrogate is no text to LlamaIndex; its stand-in leaves every offset as it is.
        text=replace_surrogates(article.text),
        metadata={ARTICLE: known},
        excluded_embed_metadata_keys=[ARTICLE],
        excluded_llm_metadata_keys=[ARTICLE],
    )


def article_from(document: BaseNode) -> Article:
    """Return the article that a document holds, cleaning its text if nobody has."""
    text = document.get_content(metadata_mode=MetadataMode.NONE)
    known = document.metadata.get(ARTICLE)
    if known is None:
        return _clean_article(document, text)
    paragraphs = tuple(
        Paragraph(start=start, end=end, kind=kind) for start, end, kind in known["paragraphs"]
    )
    published = known["published"] and date.fromisoformat(known["published"])
    return Article(**{**known, "text": text, "published": published, "paragraphs": paragraphs})


def _clean_article(document: BaseNode, text: str) -> Article:
    body = clean_text(text)
    path = str(document.metadata.get("file_name") or document.node_id)
    title = body.title or str(document.metadata.get("title") or path)
    return Article(path=path, text=text, title=title, paragraphs=body.paragraphs)


class ArticleNodeParser(NodeParser):
    """Documents → nodes that are exact spans of the document's text.

    ``unit`` says what a node is: a passage, as retrieval returns it, or a sentence, as it is
    embedded. Ids follow from content, ``article@version:n``; metadata is never embedded.
    """

    unit: Unit = "passage"
    include_metadata: bool = False
    include_prev_next_rel: bool = False

    @classmethod
    def class_name(cls) -> str:
        """Return the name under which LlamaIndex serialises the parser."""
        return "ArticleNodeParser"

    def _parse_nodes(
        self,
        nodes: Sequence[BaseNode],
        show_progress: bool = False,  # noqa: ARG002, FBT001, FBT002 (LlamaIndex's signature)
        **kwargs: Any,  # noqa: ANN401, ARG002 (as above)
    ) -> list[BaseNode]:
        return [node for document in nodes for node in self._split(document)]

    def _postprocess_parsed_nodes(
        self,
        nodes: list[BaseNode],
        parent_doc_map: dict[str, Document],  # noqa: ARG002 (LlamaIndex's signature)
    ) -> list[BaseNode]:
        # Told of the documents, LlamaIndex would search each node's text for its offsets, and
        # find the wrong one where text repeats.
        return super()._postprocess_parsed_nodes(nodes, {})

    def _split(self, document: BaseNode) -> list[BaseNode]:
        article = article_from(document)
        spans = _sentences(article) if self.unit == "sentence" else _passages(article)
        version = f"{article.id}@{article.version}"
        source = RelatedNodeInfo(node_id=document.node_id)
        return [
            TextNode(
                id_=f"{version}:{number}",
                text=replace_surrogates(article.text[span.start : span.end]),
                start_char_idx=span.start,
                end_char_idx=span.end,
                metadata=about,
                excluded_embed_metadata_keys=list(about),
                relationships={NodeRelationship.SOURCE: source},
            )
            for number, (span, about) in enumerate(spans)
        ]


_Described = list[tuple[Passage | Sentence, dict[str, Any]]]


def _passages(article: Article) -> _Described:
    """The passages, each with what a reader needs to cite it."""
    about = {
        "article": article.path,
        "title": article.title,
        "outlet": article.outlet,
        "published": article.published and article.published.isoformat(),
        "url": article.url,
    }
    known = {key: value for key, value in about.items() if value is not None}
    return [(passage, dict(known)) for passage in split_article(article)]


def _sentences(article: Article) -> _Described:
    """The sentences, each with what is needed to put the passages together again."""
    return [
        (
            sentence,
            {"passage": passage.number, "paragraph": sentence.paragraph, "kind": sentence.kind},
        )
        for passage in split_article(article)
        for sentence in passage.sentences
    ]


class PullquoteEmbedding(BaseEmbedding):
    """An embedder of ours as a LlamaIndex embedding; without one, the bundled model."""

    embed_batch_size: int = TEXTS_PER_CALL
    _embedder: Embedder = PrivateAttr()

    def __init__(self, embedder: Embedder | None = None) -> None:
        embedder = embedder or MiniLM()
        super().__init__(model_name=embedder.name)
        self._embedder = embedder

    @classmethod
    def class_name(cls) -> str:
        """Return the name under which LlamaIndex serialises the embedding."""
        return "PullquoteEmbedding"

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self._embedder.embed_texts(texts).tolist()
        return vectors

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        vector: list[float] = self._embedder.embed_question(query).tolist()
        return vector

    async def _aget_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return await asyncio.to_thread(self._get_text_embeddings, texts)

    async def _aget_text_embedding(self, text: str) -> list[float]:
        return await asyncio.to_thread(self._get_text_embedding, text)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return await asyncio.to_thread(self._get_query_embedding, query)


class _SparingEmbedding(PullquoteEmbedding):
    """Embeds only what is not known, and nothing twice."""

    _known: Callable[[Sequence[str]], Mapping[str, Vector]] = PrivateAttr()

    def __init__(
        self, embedder: Embedder, known: Callable[[Sequence[str]], Mapping[str, Vector]]
    ) -> None:
        super().__init__(embedder)
        self._known = known

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        hashes = [text_hash(text) for text in texts]
        by_hash = {key: fold_text(text) for key, text in zip(hashes, texts, strict=True)}
        vectors = dict(self._known(list(by_hash)))
        new = [each for each in by_hash if each not in vectors]
        embedded = self._embedder.embed_texts([by_hash[each] for each in new])
        vectors.update(zip(new, embedded, strict=True))
        return [vectors[each].tolist() for each in hashes]


def embed_articles(
    articles: Sequence[Article],
    *,
    embedder: Embedder,
    known: Callable[[Sequence[str]], Mapping[str, Vector]],
) -> list[EmbeddedArticle]:
    """Split the articles and embed each of their sentences.

    Args:
        articles: in any number; each path once.
        embedder: makes the vectors.
        known: hashes of texts (see ``text_hash``) → the vectors there are, which are not made anew.

    Returns:
        The articles in their order, each with its passages and one vector a sentence.

    Raises:
        EmbedderError: the embedder failed.
    """
    pipeline = IngestionPipeline(
        transformations=[ArticleNodeParser(unit="sentence"), _SparingEmbedding(embedder, known)],
        disable_cache=True,
    )
    embedded: list[EmbeddedArticle] = []
    for start in range(0, len(articles), ARTICLES_PER_RUN):
        run = articles[start : start + ARTICLES_PER_RUN]
        nodes = pipeline.run(documents=[document_from(article) for article in run])
        by_article: dict[str | None, list[TextNode]] = {}
        for node in nodes:
            if isinstance(node, TextNode):
                by_article.setdefault(node.ref_doc_id, []).append(node)
        embedded += [
            _gather(article, by_article.get(article.id, []), embedder.dimensions) for article in run
        ]
    return embedded


def _gather(article: Article, nodes: Sequence[TextNode], dimensions: int) -> EmbeddedArticle:
    """Put the sentences of one article together again."""
    passages = []
    for number, group in groupby(nodes, lambda node: node.metadata["passage"]):
        sentences = tuple(_sentence(node) for node in group)
        start, end = sentences[0].start, sentences[-1].end
        passages.append(Passage(number=number, start=start, end=end, sentences=sentences))
    vectors = np.array([node.embedding for node in nodes], np.float32).reshape(-1, dimensions)
    return EmbeddedArticle(article=article, passages=tuple(passages), vectors=vectors)


def _sentence(node: TextNode) -> Sentence:
    span = node.get_node_info()
    start, end = span["start"], span["end"]
    paragraph, kind = node.metadata["paragraph"], node.metadata["kind"]
    return Sentence(start=start, end=end, paragraph=paragraph, kind=kind)
