"""What can be measured of a sentence as an answer: the numbers that the ranker weighs.

One row a sentence, one column a feature, in the order of ``FEATURES``. Everything is computed for
all sentences of all hits at once; "around" takes in the sentences before and after it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.selecting.coverage import (
    like_terms,
    measure_coverage,
    measure_pairs,
    neighbours,
    same_terms,
    title_terms,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from index.embedding.word_vectors import WordVectors
    from index.question import Question
    from index.selecting.coverage import Columns
    from index.selecting.rows import Row, SentenceWords
    from index.types import Hit, Matrix, Vector

_REASON = re.compile(
    r"\b(?:because|due to|as a result|since|so that|in order|caused|therefore|reason|led to"
    r"|resulting|thus|to avoid|owing)\b",
    re.IGNORECASE,
)
_MEANS = re.compile(r"\b(?:by|through|using|via|with)\b", re.IGNORECASE)
_SPEECH = re.compile('["“]')
_SPEAKER = re.compile(
    r"\b(?:said|says|told|added|warned|called|described|replied|answered|asked|argued|insisted"
    r"|claimed|stated|explained|according to)\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"[\"“'‘]?(?:He|She|It|They|This|These|Those|That|His|Her|Its|Their|Such)\b")
_SHORT, _LONG = 6, 45


def measure_sentences(
    question: Question,
    hits: Sequence[Hit],
    rows: Sequence[Row],
    *,
    titles: Mapping[int, str],
    word_vectors: WordVectors,
) -> Matrix:
    """The features of each row, shape ``(len(rows), len(FEATURES))``, not normalised.

    ``titles`` gives each article key its title.
    """
    import numpy as np

    place = np.array([row.hit for row in rows])
    same = same_terms(question, rows)
    like = np.maximum(like_terms(question, rows, word_vectors), same)
    titled = title_terms(question, hits, titles)[place]
    columns = _meaning(question, hits, place)
    columns |= _hit(question, hits, place)
    columns |= measure_coverage("same", question, same, titled, place)
    columns |= measure_coverage("like", question, like, titled, place)
    columns |= measure_pairs(question, rows)
    columns |= _answer_type(question, rows)
    columns |= _shape(rows, place)
    columns["typed"] = typed = _is_of_the_kind(columns)
    columns["typed_by_like"] = typed * (columns["like"] + columns["like_before"])
    columns["typed_by_cosine"] = typed * columns["cosine_with_before"]
    columns["speech_by_names"] = columns["speech"] * (
        columns["same_names"] + columns["speaker"] * columns["same_names_whole"]
    )
    columns["same_by_cosine"] = columns["same"] * columns["cosine"]
    columns["same_by_names"] = columns["same"] * columns["same_names"]
    columns["pairs_by_same"] = columns["pairs"] * columns["same"]
    matrix: Matrix = np.stack([columns[name] for name in FEATURES], axis=1).astype(np.float32)
    return matrix


def _is_of_the_kind(columns: Columns) -> Vector:
    """1 where the sentence offers a figure, date or name of the kind that is asked for."""
    import numpy as np

    kinds = ("quantity_fit", "date_date", "person_name", "place_name")
    of_the_kind: Vector = np.minimum(sum(columns[kind] for kind in kinds), 1).astype(np.float32)
    return of_the_kind


def _meaning(question: Question, hits: Sequence[Hit], place: NDArray[np.int_]) -> Columns:
    import numpy as np

    vectors = np.concatenate([hit.passage.vectors for hit in hits])
    cosine = vectors @ question.vector
    vector_before, vector_after = neighbours(vectors, place)
    before, after = neighbours(cosine[:, None], place)
    best = np.array([hit.meaning for hit in hits], np.float32)
    return {
        "cosine": cosine,
        "cosine_squared": np.maximum(cosine, 0) ** 2,
        "cosine_before": before[:, 0],
        "cosine_after": after[:, 0],
        "cosine_with_before": _cosines(vectors + vector_before, question.vector),
        "cosine_around": _cosines(vectors + vector_before + vector_after, question.vector),
        "cosine_to_best": cosine - best.max(),
        "cosine_in_passage": cosine - best[place],
        "passage_cosine": best[place],
    }


def _cosines(vectors: Matrix, question: Vector) -> Vector:
    """The cosine of each sum of sentences: what they mean together."""
    import numpy as np

    lengths = np.maximum(np.linalg.norm(vectors, axis=1), 1e-6)
    cosines: Vector = (vectors @ question) / lengths
    return cosines


def _hit(question: Question, hits: Sequence[Hit], place: NDArray[np.int_]) -> Columns:
    import numpy as np

    words = np.array([hit.words for hit in hits], np.float32)
    reachable = max(float(question.weights.sum()), 1e-6)
    return {
        "hit_score": np.array([hit.score for hit in hits], np.float32)[place],
        "hit_first": (place == 0).astype(np.float32),
        "hit_rank": 1 / (1 + place.astype(np.float32)),
        "words_to_best": (words / max(float(words.max()), 1e-6))[place],
        "words_reached": (words / reachable)[place],
        "article_cosine": np.array([hit.article_meaning for hit in hits], np.float32)[place],
    }


def _answer_type(question: Question, rows: Sequence[Row]) -> Columns:
    """What the sentence offers of the kind that is asked for and does not stand in the question."""
    import numpy as np

    kind = question.kind
    offers = np.array([_offer(question, row.words) for row in rows], np.float32).reshape(-1, 4)
    figures, fit, dates, names = offers.T
    return {
        "quantity_figure": (kind == "quantity") * (figures > 0),
        "quantity_none": (kind == "quantity") * (figures == 0),
        "quantity_fit": (kind == "quantity") * fit,
        "date_date": (kind == "date") * (dates > 0),
        "date_none": (kind == "date") * (dates == 0),
        "person_name": (kind == "person") * (names > 0),
        "person_names": (kind == "person") * np.minimum(names, 4) / 4,
        "place_name": (kind == "place") * (names > 0),
        "what_names": (kind == "what") * np.minimum(names, 4) / 4,
        "why_reason": _matches(_REASON, rows, wanted=kind == "why"),
        "how_means": _matches(_MEANS, rows, wanted=kind == "how"),
        "speech": _matches(_SPEECH, rows, wanted=question.is_about_speech),
        "speaker": _matches(_SPEAKER, rows, wanted=question.is_about_speech),
    }


def _matches(pattern: re.Pattern[str], rows: Sequence[Row], *, wanted: bool) -> Vector:
    import numpy as np

    return np.array([wanted and bool(pattern.search(row.words.text)) for row in rows], np.float32)


def _offer(question: Question, words: SentenceWords) -> tuple[float, float, float, float]:
    """New figures, how well the best fits, new dates and new names."""
    asked = set(question.terms)
    figures = dates = names = 0
    fit = 0.0
    for value, said in words.values:
        if said <= asked:
            continue
        if value.kind == "quantity":
            figures += 1
            fit = max(fit, question.asked.fits(value))
        elif value.kind == "date":
            dates += 1
        else:
            names += 1
    return figures, fit, dates, names


def _shape(rows: Sequence[Row], place: NDArray[np.int_]) -> Columns:
    import numpy as np

    length = np.array([len(row.words.terms) for row in rows], np.float32)
    starts = np.diff(place, prepend=-1) != 0
    ends = np.diff(place, append=-1) != 0
    pronoun = [bool(_PRONOUN.match(row.words.text)) for row in rows]
    return {
        "length": np.log1p(length),
        "short": (length < _SHORT).astype(np.float32),
        "long": (length > _LONG).astype(np.float32),
        "first": starts.astype(np.float32),
        "last": ends.astype(np.float32),
        "pronoun": np.array(pronoun, np.float32),
    }


_COVERAGES = (
    " squared to_best before around passage whole mean names names_whole missing missing_around"
    " missing_whole anywhere names_anywhere missing_anywhere missing_name least_whole figures"
    " figures_whole"
).split(" ")
FEATURES: tuple[str, ...] = (
    "cosine",
    "cosine_squared",
    "cosine_before",
    "cosine_after",
    "cosine_with_before",
    "cosine_around",
    "cosine_to_best",
    "cosine_in_passage",
    "passage_cosine",
    "hit_score",
    "hit_first",
    "hit_rank",
    "words_to_best",
    "words_reached",
    "article_cosine",
    *(f"{kind}_{part}".rstrip("_") for kind in ("same", "like") for part in _COVERAGES),
    "pairs",
    "quantity_figure",
    "quantity_none",
    "quantity_fit",
    "date_date",
    "date_none",
    "person_name",
    "person_names",
    "place_name",
    "what_names",
    "why_reason",
    "how_means",
    "speech",
    "length",
    "short",
    "long",
    "first",
    "last",
    "pronoun",
    "typed",
    "typed_by_like",
    "typed_by_cosine",
    "speaker",
    "speech_by_names",
    "same_by_cosine",
    "same_by_names",
    "pairs_by_same",
)
