"""Articles from outside → files of the corpus: addresses, feeds, pages, dumps."""
