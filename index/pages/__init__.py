"""What a page is made of: its article, its head, its furniture, what it says of itself."""
