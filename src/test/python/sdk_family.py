"""Cases of the SDKs that speak OpenAI's dialect, each with the client's name in front.

OpenAI's own takes the whole base URL; the others add to it what they know of their vendor. See
sdk_case for what is printed.
"""

import anthropic
import groq
import httpx
import mistralai.client
import openai
import together

from sdk_case import client_options, main, script_headers

MESSAGES = [{"role": "user", "content": "What does a weir do?"}]


def openai_client(args, wire, sim, key):
    return openai.OpenAI(
        api_key=key,
        base_url=args.base_url,
        **client_options(args, wire, openai.DefaultHttpxClient, sim),
    )


def azure_client(args, wire, sim, key):
    return openai.AzureOpenAI(
        api_key=key,
        azure_endpoint=args.base_url,
        api_version="2024-10-21",
        **client_options(args, wire, openai.DefaultHttpxClient, sim),
    )


def entra_client(args, wire, sim, key):
    return openai.AzureOpenAI(
        azure_ad_token=key,
        azure_endpoint=args.base_url,
        api_version="2024-10-21",
        **client_options(args, wire, openai.DefaultHttpxClient, sim),
    )


def groq_client(args, wire, sim, key):
    return groq.Groq(
        api_key=key,
        base_url=args.base_url,
        **client_options(args, wire, groq.DefaultHttpxClient, sim),
    )


def together_client(args, wire, sim, key):
    options = client_options(args, wire, together.DefaultHttpxClient, sim)
    # The SDK's own types want more of an answer than the vendor documents: not strict.
    options["_strict_response_validation"] = False
    return together.Together(api_key=key, base_url=args.base_url, **options)


CLIENTS = {
    "openai": openai_client,
    "azure": azure_client,
    "entra": entra_client,
    "groq": groq_client,
    "together": together_client,
}


def usage(found):
    return found.model_dump() if found is not None else None


def chat(make, args, wire, sim="", key=None, **more):
    answer = make(args, wire, sim, key or args.key).chat.completions.create(
        model=args.model, messages=MESSAGES, max_tokens=args.max_tokens, **more
    )
    return {"text": answer.choices[0].message.content, "usage": usage(answer.usage)}


def chat_stream(make, args, wire):
    text, found, empty = "", None, 0
    for chunk in make(args, wire, "", args.key).chat.completions.create(
        model=args.model, messages=MESSAGES, max_tokens=args.max_tokens, stream=True
    ):
        found = chunk.usage or found
        empty += not chunk.choices
        for choice in chunk.choices:
            text += choice.delta.content or ""
    return {"text": text, "usage": usage(found), "empty_chunks": empty}


def embed(make, args, wire):
    answer = make(args, wire, "", args.key).embeddings.create(
        model=args.model, input=["a weir", "a low dam"]
    )
    return {"vectors": len(answer.data)}


def cases(name, make):
    return {
        f"{name}-chat": lambda a, w: chat(make, a, w),
        f"{name}-chat-stream": lambda a, w: chat_stream(make, a, w),
        f"{name}-embed": lambda a, w: embed(make, a, w),
        f"{name}-unknown-key": lambda a, w: chat(make, a, w, key="wk_nobody-has-this-one"),
        f"{name}-provider-429": lambda a, w: chat(make, a, w, "status=429"),
        f"{name}-provider-500": lambda a, w: chat(make, a, w, "status=500"),
    }


def responses(args, wire):
    answer = openai_client(args, wire, "", args.key).responses.create(
        model=args.model, input="What does a weir do?", max_output_tokens=args.max_tokens
    )
    return {"text": answer.output_text, "usage": usage(answer.usage)}


def images(args, wire):
    answer = openai_client(args, wire, "", args.key).images.generate(
        model=args.model, prompt="A weir", n=2
    )
    return {"images": len(answer.data)}


def speech(args, wire):
    answer = openai_client(args, wire, "", args.key).audio.speech.create(
        model=args.model, input="A weir.", voice="alloy"
    )
    return {"bytes": len(answer.content)}


def mistral(args, wire, sim="", key=None):
    return mistralai.client.Mistral(
        api_key=key or args.key,
        server_url=args.base_url,
        client=httpx.Client(
            event_hooks=wire.hooks(), headers=script_headers(args, sim), timeout=30
        ),
    )


def mistral_chat(args, wire, sim="", key=None):
    answer = mistral(args, wire, sim, key).chat.complete(
        model=args.model, messages=MESSAGES, max_tokens=args.max_tokens
    )
    return {"text": answer.choices[0].message.content, "usage": usage(answer.usage)}


def mistral_chat_stream(args, wire):
    text, found = "", None
    for event in mistral(args, wire).chat.stream(
        model=args.model, messages=MESSAGES, max_tokens=args.max_tokens
    ):
        found = event.data.usage or found
        for choice in event.data.choices:
            text += choice.delta.content or ""
    return {"text": text, "usage": usage(found)}


def mistral_embed(args, wire):
    answer = mistral(args, wire).embeddings.create(model=args.model, inputs=["a weir", "a dam"])
    return {"vectors": len(answer.data)}


def mistral_ocr(args, wire):
    answer = mistral(args, wire).ocr.process(
        model=args.model,
        document={"type": "document_url", "document_url": "https://example.com/a.pdf"},
    )
    return {"pages": answer.usage_info.pages_processed}


def messages(args, wire, key=None):
    """Anthropic's SDK with a key in the header that it sends today."""
    client = anthropic.Anthropic(
        api_key=key or args.key,
        base_url=args.base_url,
        **client_options(args, wire, anthropic.DefaultHttpxClient),
    )
    answer = client.messages.create(
        model="claude-opus-5-5", max_tokens=args.max_tokens, messages=MESSAGES
    )
    return {"text": answer.content[0].text, "usage": usage(answer.usage)}


CASES = {
    "openai-responses": responses,
    "openai-images": images,
    "openai-speech": speech,
    "mistral-chat": mistral_chat,
    "mistral-chat-stream": mistral_chat_stream,
    "mistral-embed": mistral_embed,
    "mistral-ocr": mistral_ocr,
    "mistral-unknown-key": lambda a, w: mistral_chat(a, w, key="wk_nobody-has-this-one"),
    "mistral-provider-429": lambda a, w: mistral_chat(a, w, "status=429"),
    "mistral-provider-500": lambda a, w: mistral_chat(a, w, "status=500"),
    "anthropic-messages": messages,
    "anthropic-unknown-key": lambda a, w: messages(a, w, key="wk_nobody-has-this-one"),
}
for each, client in CLIENTS.items():
    CASES |= cases(each, client)

if __name__ == "__main__":
    main(CASES, "none")
