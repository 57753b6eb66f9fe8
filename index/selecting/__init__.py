"""What is measured of sentences to choose those that answer, and what of them is quoted."""
