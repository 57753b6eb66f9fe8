"""The three wire formats: what a request says, and how a reply is streamed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tests.scripted_model.replies import Asked, Reply

MEDIA = {
    "openai": "text/event-stream",
    "anthropic": "text/event-stream",
    "ollama": "application/x-ndjson",
}


def read_asked(wire: str, body: Mapping[str, Any], headers: Mapping[str, str]) -> Asked:
    """The request of a client, whatever its wire."""
    said = {message["role"]: _text(message["content"]) for message in body["messages"]}
    bearer = headers.get("Authorization", "").removeprefix("Bearer ")
    return Asked(
        wire=wire,
        model=body["model"],
        rules=said.get("system") or _text(body.get("system", "")),
        question=said["user"],
        key=headers.get("x-api-key", bearer),
        body=body,
    )


def _text(content: str | list[dict[str, str]]) -> str:
    if isinstance(content, str):
        return content
    return "".join(block.get("text", "") for block in content)


def refuse(wire: str, status: int, key: str) -> str:
    """The body of a refusal: it repeats the key, as some servers do."""
    error = {"type": "refused", "message": f"status {status} for the key {key}"}
    return json.dumps({"error": error["message"]} if wire == "ollama" else {"error": error})


def begin(wire: str, asked: Asked, reply: Reply) -> Iterator[bytes]:
    """What comes before the first piece."""
    if wire == "openai":
        yield _event(_chunk(asked, {"role": "assistant", "content": ""}))
    elif wire == "anthropic":
        usage = {"input_tokens": reply.tokens[0] if reply.tokens else 0, "output_tokens": 1}
        message = {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "content": [],
            "model": asked.model,
            "stop_reason": None,
            "stop_sequence": None,
            "usage": usage,
        }
        yield _named("message_start", message=message)
        block = {"type": "text", "text": ""}
        yield _named("content_block_start", index=0, content_block=block)


def piece(wire: str, asked: Asked, text: str) -> bytes:
    """One piece of the text."""
    if wire == "openai":
        return _event(_chunk(asked, {"content": text}))
    if wire == "anthropic":
        delta = {"type": "text_delta", "text": text}
        return _named("content_block_delta", index=0, delta=delta)
    return _line(_ollama(asked, text, done=False))


def end(wire: str, asked: Asked, reply: Reply) -> Iterator[bytes]:
    """What comes after the last piece, with the tokens where it tells of them."""
    tokens = reply.tokens
    if wire == "openai":
        yield _event(_chunk(asked, {}, finish="stop"))
        if tokens:
            usage = {
                "prompt_tokens": tokens[0],
                "completion_tokens": tokens[1],
                "total_tokens": sum(tokens),
            }
            yield _event({**_chunk(asked, {}), "choices": [], "usage": usage})
        yield b"data: [DONE]\n\n"
    elif wire == "anthropic":
        yield _named("content_block_stop", index=0)
        usage = {"output_tokens": tokens[1] if tokens else 0}
        delta = {"stop_reason": "end_turn", "stop_sequence": None}
        yield _named("message_delta", delta=delta, usage=usage)
        yield _named("message_stop")
    else:
        counts = {"prompt_eval_count": tokens[0], "eval_count": tokens[1]} if tokens else {}
        yield _line({**_ollama(asked, "", done=True), "done_reason": "stop", **counts})


def _chunk(asked: Asked, delta: Mapping[str, str], *, finish: str | None = None) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1_700_000_000,
        "model": asked.model,
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }


def _ollama(asked: Asked, text: str, *, done: bool) -> dict[str, Any]:
    return {
        "model": asked.model,
        "created_at": "2026-01-01T00:00:00Z",
        "message": {"role": "assistant", "content": text},
        "done": done,
    }


def _event(value: object) -> bytes:
    return f"data: {json.dumps(value)}\n\n".encode()


def _named(name: str, **value: object) -> bytes:
    return f"event: {name}\ndata: {json.dumps({'type': name, **value})}\n\n".encode()


def _line(value: object) -> bytes:
    return json.dumps(value).encode() + b"\n"
