"""Prose that a language model writes around the quotes: asked for, read, vouched for."""
