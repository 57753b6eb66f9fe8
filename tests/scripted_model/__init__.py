"""A language model that writes what a test tells it to, spoken to as OpenAI, Ollama or Anthropic.

    with ScriptedModel() as model:
        model.script = lambda asked: Reply(text="Twelve people died [1].")
        writer = open_writer(model.settings("ollama"))

It listens on loopback, streams as the real servers do, and remembers what it was asked.
"""

from __future__ import annotations

from tests.scripted_model.replies import Asked, Reply, Script, in_turn, obey, quote_honestly
from tests.scripted_model.server import KEY, WIRES, ScriptedModel

__all__ = [
    "KEY",
    "WIRES",
    "Asked",
    "Reply",
    "Script",
    "ScriptedModel",
    "in_turn",
    "obey",
    "quote_honestly",
]
