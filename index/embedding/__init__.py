"""Other embeddings than the bundled one, and vectors of words."""
