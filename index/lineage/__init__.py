"""Which article is which, over time and in copies: identity, versions, stories, reprints."""
