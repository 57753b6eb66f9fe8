"""What every child of the kill test needs: imported once, by the server that forks them."""

import index.llamaindex
from index.vectors import import_chromadb
from tests.index import shelf

__all__ = ["index", "shelf"]

import_chromadb()
