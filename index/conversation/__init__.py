"""What a question leaves to those before it."""
