"""Cases of the official Cohere SDK. See sdk_case for what is printed."""

import cohere
import httpx

from sdk_case import main, script_headers

MESSAGES = [{"role": "user", "content": "What does a weir do?"}]


def client(args, wire, sim="", key=None, kind=cohere.ClientV2):
    return kind(
        api_key=key or args.key,
        base_url=args.base_url.rstrip("/"),
        httpx_client=httpx.Client(
            event_hooks=wire.hooks(), headers=script_headers(args, sim), timeout=30
        ),
    )


def once(args):
    return {"max_retries": 0 if args.max_retries is None else args.max_retries}


def usage(found):
    return found.dict() if found is not None else None


def chat(args, wire, sim="", **more):
    answer = client(args, wire, sim, **more).chat(
        model=args.model, messages=MESSAGES, max_tokens=args.max_tokens, request_options=once(args)
    )
    return {"text": answer.message.content[0].text, "usage": usage(answer.usage)}


def chat_stream(args, wire, sim=""):
    text, found, events = "", None, []
    for event in client(args, wire, sim).chat_stream(
        model=args.model, messages=MESSAGES, max_tokens=args.max_tokens, request_options=once(args)
    ):
        events.append(event.type)
        if event.type == "content-delta":
            text += event.delta.message.content.text
        if event.type == "message-end":
            found = event.delta.usage
    return {"text": text, "usage": usage(found), "events": list(dict.fromkeys(events))}


def chat_v1(args, wire):
    answer = client(args, wire, kind=cohere.Client).chat(
        model=args.model, message="What does a weir do?", request_options=once(args)
    )
    return {"text": answer.text, "usage": usage(answer.meta)}


def chat_v1_stream(args, wire):
    text, found = "", None
    for event in client(args, wire, kind=cohere.Client).chat_stream(
        model=args.model, message="What does a weir do?", request_options=once(args)
    ):
        if event.event_type == "text-generation":
            text += event.text
        if event.event_type == "stream-end":
            found = event.response.meta
    return {"text": text, "usage": usage(found)}


def embed(args, wire):
    answer = client(args, wire).embed(
        model="embed-v4.0",
        texts=["a weir", "a low dam"],
        input_type="search_document",
        embedding_types=["float"],
        request_options=once(args),
    )
    return {"vectors": len(answer.embeddings.float_), "usage": usage(answer.meta)}


def rerank(args, wire):
    answer = client(args, wire).rerank(
        model="rerank-v4.0-pro", query="weir", documents=["a dam", "a cat"], request_options=once(args)
    )
    return {"results": len(answer.results), "usage": usage(answer.meta)}


CASES = {
    "chat": chat,
    "chat-stream": chat_stream,
    "chat-v1": chat_v1,
    "chat-v1-stream": chat_v1_stream,
    "embed": embed,
    "rerank": rerank,
    "unknown-key": lambda a, w: chat(a, w, key="wk_nobody-has-this-one"),
    "provider-429": lambda a, w: chat(a, w, "status=429"),
    "provider-500": lambda a, w: chat(a, w, "status=500"),
}

if __name__ == "__main__":
    main(CASES, "command-a")
