"""Cases of the official OpenAI SDK. See sdk_case for what is printed."""

import json
import time
import uuid

import openai

from sdk_case import client_options, main

MESSAGES = [
    {"role": "system", "content": "Answer briefly."},
    {"role": "user", "content": "What does a weir do?"},
]


def client(args, wire, sim="", max_retries=0, **more):
    options = client_options(args, wire, openai.DefaultHttpxClient, sim, max_retries)
    options["base_url"] = args.base_url.rstrip("/") + "/v1"
    options["api_key"] = args.key
    return openai.OpenAI(**(options | more))


def usage(usage):
    return usage.model_dump() if usage is not None else None


def chat(args, wire, sim="", max_retries=0, **more):
    answer = client(args, wire, sim, max_retries).chat.completions.create(
        model=args.model, messages=MESSAGES, **({"max_completion_tokens": args.max_tokens} | more)
    )
    return {
        "text": answer.choices[0].message.content,
        "finish": answer.choices[0].finish_reason,
        "usage": usage(answer.usage),
        "request_id": answer._request_id,
    }


def chat_stream(args, wire, sim="", max_retries=0, **more):
    stream = client(args, wire, sim, max_retries).chat.completions.create(
        model=args.model,
        messages=MESSAGES,
        max_completion_tokens=args.max_tokens,
        stream=True,
        **more,
    )
    chunks, empty, text, found, finish = 0, 0, "", None, None
    for chunk in stream:
        chunks += 1
        empty += not chunk.choices
        found = chunk.usage or found
        for choice in chunk.choices:
            text += choice.delta.content or ""
            finish = choice.finish_reason or finish
    return {
        "text": text,
        "finish": finish,
        "usage": usage(found),
        "chunks": chunks,
        "empty_chunks": empty,
    }


def chat_stream_usage(args, wire):
    return chat_stream(args, wire, stream_options={"include_usage": True})


def chat_stream_half(args, wire):
    """Reads three chunks and leaves: what an application does when its user does."""
    stream = client(args, wire, "tokens=1000,chunk-delay=20ms").chat.completions.create(
        model=args.model, messages=MESSAGES, stream=True
    )
    seen = [next(stream) for _ in range(3)]
    stream.close()
    return {"chunks": len(seen)}


def responses(args, wire, sim="", max_retries=0):
    answer = client(args, wire, sim, max_retries).responses.create(
        model=args.model, input="What does a weir do?", max_output_tokens=args.max_tokens
    )
    return {"text": answer.output_text, "finish": answer.status, "usage": usage(answer.usage)}


def responses_stream(args, wire, sim=""):
    stream = client(args, wire, sim).responses.create(
        model=args.model,
        input="What does a weir do?",
        max_output_tokens=args.max_tokens,
        stream=True,
    )
    events, text, last = [], "", None
    for event in stream:
        events.append(event.type)
        text += event.delta if event.type == "response.output_text.delta" else ""
        last = event
    return {
        "text": text,
        "finish": last.response.status,
        "usage": usage(last.response.usage),
        "events": list(dict.fromkeys(events)),
    }


def responses_stream_helper(args, wire):
    with client(args, wire).responses.stream(
        model=args.model, input="What does a weir do?", max_output_tokens=args.max_tokens
    ) as stream:
        answer = stream.get_final_response()
    return {"text": answer.output_text, "finish": answer.status, "usage": usage(answer.usage)}


def completions(args, wire):
    answer = client(args, wire).completions.create(
        model=args.model, prompt="A weir is", max_tokens=args.max_tokens
    )
    return {"text": answer.choices[0].text, "usage": usage(answer.usage)}


def completions_stream(args, wire):
    # The SDK's own type knows no null finish_reason, which all but the last chunk have: not strict.
    lenient = client(args, wire, _strict_response_validation=False)
    text, finish = "", None
    for chunk in lenient.completions.create(
        model=args.model, prompt="A weir is", max_tokens=args.max_tokens, stream=True
    ):
        for choice in chunk.choices:
            text += choice.text
            finish = choice.finish_reason or finish
    return {"text": text, "finish": finish}


def embeddings(args, wire):
    # The SDK decodes base64 after it has checked the answer against its own type: not strict here.
    answer = client(args, wire, _strict_response_validation=False).embeddings.create(
        model="text-embedding-3-small", input=["a weir", "a low dam"]
    )
    return {"vectors": len(answer.data), "usage": usage(answer.usage)}


def batch(args, wire):
    """Sends a file of two requests, begins its batch, waits for its end, and reads its answers."""
    api = client(args, wire)
    body = {"model": args.model, "messages": MESSAGES, "max_completion_tokens": args.max_tokens}
    line = {"method": "POST", "url": "/v1/chat/completions", "body": body}
    lines = "".join(json.dumps({"custom_id": str(i)} | line) + "\n" for i in range(2))
    file = api.files.create(file=("requests.jsonl", lines.encode()), purpose="batch")
    now = api.batches.create(
        input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h"
    )
    for _ in range(100):
        if now.status == "completed":
            break
        time.sleep(0.1)
        now = api.batches.retrieve(now.id)
    answers = api.files.content(now.output_file_id).text.splitlines()
    return {"status": now.status, "answers": len(answers)}


def moderations(args, wire):
    answer = client(args, wire).moderations.create(input="a weir")
    return {"flagged": answer.results[0].flagged}


def models(args, wire):
    return {"models": [model.id for model in client(args, wire).models.list()]}


def retried(args, wire):
    """Refused twice by the provider, then served: only for the simulated provider."""
    sim = f"fail-first=2,status=429,retry-after=1,id={uuid.uuid4().hex}"
    return chat(args, wire, sim, max_retries=3)


def key_in_error(args, wire):
    return chat_with_key(args, wire, "wk_nobody-has-this-one")


def chat_with_key(args, wire, key):
    answer = client(args, wire, api_key=key).chat.completions.create(
        model=args.model, messages=MESSAGES
    )
    return {"text": answer.choices[0].message.content}


def bad_request(args, wire):
    return chat(args, wire, max_completion_tokens="many")


def too_large(args, wire):
    """33 MiB of text: more than any provider takes."""
    answer = client(args, wire).chat.completions.create(
        model=args.model, messages=[{"role": "user", "content": "weir " * (33 * 2**20 // 5)}]
    )
    return {"text": answer.choices[0].message.content}


CASES = {
    "chat": chat,
    "chat-stream": chat_stream,
    "chat-stream-usage": chat_stream_usage,
    "chat-stream-half": chat_stream_half,
    "chat-uncapped": lambda a, w: chat(a, w, max_completion_tokens=openai.omit),
    "chat-retrying": lambda a, w: chat(a, w, max_retries=3),
    "chat-stream-retrying": lambda a, w: chat_stream(a, w, max_retries=3),
    "responses": responses,
    "responses-stream": responses_stream,
    "responses-stream-helper": responses_stream_helper,
    "responses-cut": lambda a, w: responses_stream(a, w, "cut=after-chunks:6"),
    "responses-retrying": lambda a, w: responses(a, w, max_retries=3),
    "completions": completions,
    "completions-stream": completions_stream,
    "embeddings": embeddings,
    "batch": batch,
    "moderations": moderations,
    "models": models,
    "unknown-key": key_in_error,
    "bad-request": bad_request,
    "too-large": too_large,
    "provider-429": lambda a, w: chat(a, w, "status=429,retry-after=1"),
    "provider-429-retried": retried,
    "provider-402": lambda a, w: chat(a, w, "status=402", max_retries=3),
    "provider-403": lambda a, w: chat(a, w, "status=403", max_retries=3),
    "provider-500": lambda a, w: chat(a, w, "status=500"),
    "provider-503": lambda a, w: chat(a, w, "status=503"),
    "provider-error-in-stream": lambda a, w: chat_stream(a, w, "error-in-stream"),
    "provider-garbage": lambda a, w: chat(a, w, "garbage"),
    "provider-cut": lambda a, w: chat_stream(a, w, "cut=after-chunks:3"),
    "provider-cut-plain": lambda a, w: chat(a, w, "cut=after-bytes:100"),
    "provider-reset": lambda a, w: chat(a, w, "reset=before-headers"),
}

if __name__ == "__main__":
    main(CASES, "gpt-6-luna")
