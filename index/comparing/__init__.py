"""What sentences claim, and which claims are about the same."""
