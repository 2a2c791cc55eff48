"""Cases of the official Anthropic SDK. See sdk_case for what is printed."""

import uuid

import anthropic

from sdk_case import client_options, main

MESSAGES = [{"role": "user", "content": "What does a weir do?"}]
SYSTEM = "Answer briefly."
OLD_VERSION = "2023-06-01"


def client(args, wire, sim="", max_retries=0, **more):
    options = client_options(args, wire, anthropic.DefaultHttpxClient, sim, max_retries)
    options["base_url"] = args.base_url.rstrip("/")
    options["api_key"] = args.key
    return anthropic.Anthropic(**(options | more))


def old_style(args, wire, key):
    """The key where SDKs before 2026-10 put it, and the version that they send."""
    headers = {"x-api-key": key, "authorization": anthropic.omit, "anthropic-version": OLD_VERSION}
    base = client(args, wire)
    return base.with_options(default_headers=headers)


def request(args):
    return {
        "model": args.model,
        "max_tokens": args.max_tokens,
        "system": SYSTEM,
        "messages": MESSAGES,
    }


def dump(message):
    return {
        "text": "".join(block.text for block in message.content),
        "finish": message.stop_reason,
        "usage": message.usage.model_dump(),
    }


def messages(args, wire, sim="", max_retries=0):
    answer = client(args, wire, sim, max_retries).messages.create(**request(args))
    return dump(answer) | {"request_id": answer._request_id}


def messages_stream(args, wire, sim="", max_retries=0):
    """The raw events; usage is put together as an application would."""
    events, text, usage, finish = [], "", {}, None
    for event in client(args, wire, sim, max_retries).messages.create(**request(args), stream=True):
        events.append(event.type)
        if event.type == "message_start":
            usage |= event.message.usage.model_dump(exclude_none=True)
        if event.type == "message_delta":
            usage |= event.usage.model_dump(exclude_none=True)
            finish = event.delta.stop_reason
        if event.type == "content_block_delta":
            text += event.delta.text
    return {
        "text": text,
        "finish": finish,
        "usage": usage,
        "events": list(dict.fromkeys(events)),
    }


def messages_stream_helper(args, wire):
    with client(args, wire).messages.stream(**request(args)) as stream:
        text = "".join(stream.text_stream)
        return dump(stream.get_final_message()) | {"streamed": text}


def messages_stream_half(args, wire):
    """Reads three events and leaves: what an application does when its user does."""
    sim = "tokens=1000,chunk-delay=20ms"
    stream = client(args, wire, sim).messages.create(
        **(request(args) | {"max_tokens": 1000}), stream=True
    )
    seen = [next(stream) for _ in range(3)]
    stream.close()
    return {"chunks": len(seen)}


def messages_old_style(args, wire):
    return dump(old_style(args, wire, args.key).messages.create(**request(args)))


def unknown_key(args, wire):
    key = "wk_nobody-has-this-one"
    return dump(client(args, wire, api_key=key).messages.create(**request(args)))


def unknown_key_old_style(args, wire):
    return dump(old_style(args, wire, "wk_nobody-has-this-one").messages.create(**request(args)))


def count_tokens(args, wire):
    answer = client(args, wire).messages.count_tokens(model=args.model, messages=MESSAGES)
    return {"usage": answer.model_dump()}


def models(args, wire):
    return {"models": [model.id for model in client(args, wire).models.list()]}


def retried(args, wire):
    """Refused twice by the provider, then served: only for the simulated provider."""
    sim = f"fail-first=2,status=429,retry-after=1,id={uuid.uuid4().hex}"
    return messages(args, wire, sim, max_retries=3)


def bad_request(args, wire):
    answer = client(args, wire).messages.create(**(request(args) | {"max_tokens": "many"}))
    return dump(answer)


def too_large(args, wire):
    """33 MiB of text: more than any provider takes."""
    text = [{"role": "user", "content": "weir " * (33 * 2**20 // 5)}]
    return dump(client(args, wire).messages.create(**(request(args) | {"messages": text})))


CASES = {
    "messages": messages,
    "messages-stream": messages_stream,
    "messages-stream-helper": messages_stream_helper,
    "messages-stream-half": messages_stream_half,
    "messages-old-style": messages_old_style,
    "messages-retrying": lambda a, w: messages(a, w, max_retries=3),
    "messages-stream-retrying": lambda a, w: messages_stream(a, w, max_retries=3),
    "count-tokens": count_tokens,
    "models": models,
    "unknown-key": unknown_key,
    "unknown-key-old-style": unknown_key_old_style,
    "bad-request": bad_request,
    "too-large": too_large,
    "provider-429": lambda a, w: messages(a, w, "status=429,retry-after=1"),
    "provider-429-retried": retried,
    "provider-402": lambda a, w: messages(a, w, "status=402", max_retries=3),
    "provider-403": lambda a, w: messages(a, w, "status=403", max_retries=3),
    "provider-500": lambda a, w: messages(a, w, "status=500"),
    "provider-529": lambda a, w: messages(a, w, "status=529"),
    "provider-error-in-stream": lambda a, w: messages_stream(a, w, "error-in-stream"),
    "provider-cut": lambda a, w: messages_stream(a, w, "cut=after-chunks:4"),
    "provider-cut-plain": lambda a, w: messages(a, w, "cut=after-bytes:100"),
    "provider-reset": lambda a, w: messages(a, w, "reset=before-headers"),
}

if __name__ == "__main__":
    main(CASES, "claude-haiku-5-5")
