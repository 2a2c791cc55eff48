"""Cases of the official Google SDK for Gemini, and of Anthropic's for Claude on Vertex AI. See
sdk_case for what is printed."""

import anthropic
import httpx
from google import genai
from google.genai import types
from google.oauth2 import credentials

from sdk_case import main, script_headers

QUESTION = "What does a weir do?"


def options(args, wire, sim=""):
    return types.HttpOptions(
        base_url=args.base_url.rstrip("/"),
        headers=script_headers(args, sim),
        httpx_client=httpx.Client(event_hooks=wire.hooks(), timeout=30),
    )


def client(args, wire, sim="", key=None):
    return genai.Client(api_key=key or args.key, http_options=options(args, wire, sim))


def vertex(args, wire, sim=""):
    return genai.Client(
        vertexai=True,
        project="p-1",
        location="us-central1",
        credentials=credentials.Credentials(token=args.key),
        http_options=options(args, wire, sim),
    )


def claude(args, wire, sim=""):
    return anthropic.AnthropicVertex(
        access_token=args.key,
        project_id="p-1",
        region="us-east5",
        base_url=args.base_url.rstrip("/") + "/v1",
        default_headers=script_headers(args, sim),
        max_retries=0 if args.max_retries is None else args.max_retries,
        http_client=anthropic.DefaultHttpxClient(event_hooks=wire.hooks()),
    )


def config(args):
    return types.GenerateContentConfig(max_output_tokens=args.max_tokens)


def usage(found):
    return found.model_dump(exclude_none=True, mode="json") if found is not None else None


def generate(args, wire, sim="", make=client, **more):
    answer = make(args, wire, sim, **more).models.generate_content(
        model=args.model, contents=QUESTION, config=config(args)
    )
    return {
        "text": answer.text,
        "finish": answer.candidates[0].finish_reason,
        "usage": usage(answer.usage_metadata),
    }


def generate_stream(args, wire, sim="", make=client):
    chunks, text, found = 0, "", None
    for chunk in make(args, wire, sim).models.generate_content_stream(
        model=args.model, contents=QUESTION, config=config(args)
    ):
        chunks += 1
        text += chunk.text or ""
        found = chunk.usage_metadata or found
    return {"text": text, "chunks": chunks, "usage": usage(found)}


def embed(args, wire):
    answer = client(args, wire).models.embed_content(
        model="gemini-embedding-001", contents=["a weir", "a low dam"]
    )
    return {"vectors": len(answer.embeddings)}


def count(args, wire):
    answer = client(args, wire).models.count_tokens(model=args.model, contents=QUESTION)
    return {"tokens": answer.total_tokens}


def models(args, wire):
    return {"models": [model.name for model in client(args, wire).models.list()]}


def ask_claude(args, wire, sim=""):
    answer = claude(args, wire, sim).messages.create(
        model="claude-sonnet-5@20260101",
        max_tokens=args.max_tokens,
        messages=[{"role": "user", "content": QUESTION}],
    )
    return {"text": answer.content[0].text, "usage": usage(answer.usage)}


def ask_claude_stream(args, wire, sim=""):
    with claude(args, wire, sim).messages.stream(
        model="claude-sonnet-5@20260101",
        max_tokens=args.max_tokens,
        messages=[{"role": "user", "content": QUESTION}],
    ) as stream:
        answer = stream.get_final_message()
    return {"text": answer.content[0].text, "usage": usage(answer.usage)}


CASES = {
    "generate": generate,
    "generate-stream": generate_stream,
    "embed": embed,
    "count-tokens": count,
    "models": models,
    "unknown-key": lambda a, w: generate(a, w, key="wk_nobody-has-this-one"),
    "provider-429": lambda a, w: generate(a, w, "status=429"),
    "provider-500": lambda a, w: generate(a, w, "status=500"),
    "provider-stream-error": lambda a, w: generate_stream(a, w, "error-in-stream"),
    "vertex": lambda a, w: generate(a, w, make=vertex),
    "vertex-stream": lambda a, w: generate_stream(a, w, make=vertex),
    "claude": ask_claude,
    "claude-stream": ask_claude_stream,
    "claude-429": lambda a, w: ask_claude(a, w, "status=429"),
}

if __name__ == "__main__":
    main(CASES, "gemini-3.8-flash")
