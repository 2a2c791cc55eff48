"""Cases of sessions over a WebSocket: OpenAI's Realtime and Gemini's Live, each by its own SDK. See
sdk_case for what is printed."""

import asyncio
import os

import openai
import websockets
from google import genai
from google.genai import types

from sdk_case import main

TURNS = 2


class Refused(Exception):
    """The status and the reason of an upgrade that was answered with an error."""

    def __init__(self, refused):
        super().__init__(str(refused))
        self.status_code = refused.response.status_code
        self.headers = dict(refused.response.headers)


class Ended(Exception):
    """An error event, and how the socket was closed behind it."""

    def __init__(self, code, closed):
        super().__init__(code)
        self.code = code
        self.status_code = closed.rcvd.code


def realtime(args, wire, key=None):
    client = openai.OpenAI(api_key=key or args.key, base_url=args.base_url.rstrip("/") + "/v1")
    tokens, text, error = [], "", None
    try:
        with client.realtime.connect(model=args.model) as connection:
            connection.session.update(session={"type": "realtime", "output_modalities": ["text"]})
            connection.response.create()
            for event in connection:
                if event.type == "response.output_text.delta":
                    text += event.delta
                elif event.type == "response.done":
                    tokens.append(event.response.usage.total_tokens)
                    if len(tokens) == TURNS:
                        break
                    ask_again(connection)
                elif event.type == "error":
                    error = event.error.code
    except websockets.exceptions.InvalidStatus as refused:
        raise Refused(refused) from refused
    except websockets.exceptions.ConnectionClosedError as closed:
        raise Ended(error, closed) from closed
    return {"text": text, "tokens": tokens}


def ask_again(connection):
    try:
        connection.response.create()
    except websockets.exceptions.ConnectionClosed:
        pass  # what was said before is read all the same


def live(args, wire, key=None):
    os.environ["SSL_CERT_FILE"] = args.ca
    client = genai.Client(
        api_key=key or args.key, http_options=types.HttpOptions(base_url=args.base_url)
    )
    try:
        return asyncio.run(talk(client))
    except websockets.exceptions.InvalidStatus as refused:
        raise Refused(refused) from refused


async def talk(client):
    tokens, text = [], ""
    config = {"response_modalities": ["TEXT"]}
    async with client.aio.live.connect(model="gemini-3.8-live", config=config) as session:
        for _ in range(TURNS):
            turn = types.Content(role="user", parts=[types.Part(text="What is a weir?")])
            await session.send_client_content(turns=turn, turn_complete=True)
            async for message in session.receive():
                text += message.text or ""
                if message.usage_metadata:
                    tokens.append(message.usage_metadata.total_token_count)
    return {"text": text, "tokens": tokens}


CASES = {
    "realtime": realtime,
    "realtime-unknown-key": lambda a, w: realtime(a, w, key="wk_nobody"),
    "live": live,
    "live-unknown-key": lambda a, w: live(a, w, key="wk_nobody"),
}

if __name__ == "__main__":
    main(CASES, "gpt-realtime")
