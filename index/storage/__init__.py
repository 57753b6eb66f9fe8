"""How the catalog and the vector index are kept: snapshots, publishing, the lock, mending."""
