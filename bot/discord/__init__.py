"""Pullquote in Discord; nothing else in ``bot`` imports discord.py, which is slow to import."""
