"""Writes the recordings of Bedrock under src/test/resources/golden/bedrock.

Binary streams are put together here from the messages below, and read back by botocore's own
parser before they are written. Shapes: botocore 1.44.5, bedrock-runtime/2023-09-30/service-2.json;
bodies of Invoke: the model parameter pages of the Bedrock user guide. Needs botocore.
"""

import base64
import json
import pathlib
import struct
import zlib

from botocore.eventstream import EventStreamBuffer

ROOT = pathlib.Path(__file__).parent.parent / "resources/golden/bedrock"
SOURCE = (
    "botocore 1.44.5, bedrock-runtime/2023-09-30/service-2.json; model parameter pages of the"
    " Bedrock user guide; made by src/test/python/bedrock_golden.py\n"
)

CLAUDE = "anthropic.claude-haiku-5-5-20261001-v1:0"
NOVA = "us.amazon.nova-lite-v1:0"


def header(name, value):
    return bytes([len(name)]) + name.encode() + b"\x07" + struct.pack(">H", len(value)) + value.encode()


def message(kind, name, payload):
    data = json.dumps(payload, separators=(",", ":")).encode()
    headers = header(f":{kind}-type", name)
    headers += header(":content-type", "application/json") + header(":message-type", kind)
    prelude = struct.pack(">II", 16 + len(headers) + len(data), len(headers))
    prelude += struct.pack(">I", zlib.crc32(prelude))
    return prelude + headers + data + struct.pack(">I", zlib.crc32(prelude + headers + data))


def event(name, payload):
    return message("event", name, payload)


def chunk(native):
    data = base64.b64encode(json.dumps(native, separators=(",", ":")).encode()).decode()
    return event("chunk", {"bytes": data, "p": "abcdefghijkl"})


def stream(*messages):
    whole = b"".join(messages)
    buffer = EventStreamBuffer()
    buffer.add_data(whole)
    assert len(list(buffer)) == len(messages)
    return whole


def delta(text):
    return event("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": text}})


CONVERSE = {
    "messages": [{"role": "user", "content": [{"text": "What does a weir do?"}]}],
    "inferenceConfig": {"maxTokens": 32},
}

USAGE = {
    "inputTokens": 7,
    "outputTokens": 16,
    "totalTokens": 1053,
    "cacheReadInputTokens": 1000,
    "cacheWriteInputTokens": 30,
    "cacheDetails": [{"ttl": "1h", "inputTokens": 10}, {"inputTokens": 20, "ttl": "5m"}],
}

ANSWER = {"message": {"role": "assistant", "content": [{"text": "It holds \u201dwater\u201d back."}]}}

OPENING = (
    event("messageStart", {"role": "assistant", "p": "abc"}),
    delta("It holds "),
    delta("\u201dwater\u201d back."),
    event("contentBlockStop", {"contentBlockIndex": 0}),
)

CLAUDE_BODY = {
    "anthropic_version": "bedrock-2023-05-31",
    "max_tokens": 32,
    "messages": [{"role": "user", "content": "What does a weir do?"}],
}

CLAUDE_START = {
    "type": "message_start",
    "message": {
        "id": "msg_bdrk_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-haiku-5-5-20261001",
        "content": [],
        "usage": {
            "input_tokens": 7,
            "cache_creation_input_tokens": 30,
            "cache_read_input_tokens": 1000,
            "cache_creation": {"ephemeral_5m_input_tokens": 20, "ephemeral_1h_input_tokens": 10},
            "output_tokens": 1,
        },
    },
}

METRICS = {
    "inputTokenCount": 7,
    "outputTokenCount": 16,
    "invocationLatency": 600,
    "firstByteLatency": 300,
    "cacheReadInputTokenCount": 1000,
    "cacheWriteInputTokenCount": 30,
}

CLAUDE_EVENTS = (
    chunk(CLAUDE_START),
    chunk({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}),
    chunk({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "It \"usage\":"}}),
    chunk({"type": "content_block_stop", "index": 0}),
    chunk({"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 16}}),
)
CLAUDE_STOP = chunk({"type": "message_stop", "amazon-bedrock-invocationMetrics": METRICS})

CACHED = "INPUT=7 CACHED_INPUT=1000 CACHE_WRITE_5M=20 CACHE_WRITE_1H=10 OUTPUT=16"


def write(name, operation, model, request, response, complete, used, terms=""):
    folder = ROOT / name
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    (folder / "SOURCE").write_text(SOURCE)
    (folder / "request.json").write_text(json.dumps(request))
    if isinstance(response, bytes):
        (folder / "response.eventstream").write_bytes(response)
    else:
        (folder / "response.json").write_text(json.dumps(response))
    encoded = model.replace(":", "%3A").replace("/", "%2F")
    shown = model.rpartition("/")[2]
    lines = [f"endpoint: {operation}", f"target: /model/{encoded}/{operation}", f"complete: {complete}"]
    if used:
        lines.append(f"line: {shown} {used} terms:{terms}")
    (folder / "expected").write_text("\n".join(lines) + "\n")


write(
    "converse", "converse", NOVA, CONVERSE,
    {"output": ANSWER, "stopReason": "end_turn", "usage": {"inputTokens": 7, "outputTokens": 16, "totalTokens": 23},
     "metrics": {"latencyMs": 120}},
    "true", "INPUT=7 OUTPUT=16",
)
write(
    "converse-cached", "converse", CLAUDE, CONVERSE | {"serviceTier": {"type": "priority"}},
    {"output": ANSWER, "stopReason": "end_turn", "usage": USAGE, "serviceTier": {"type": "flex"}},
    "true", CACHED, "flex",
)
write(
    "converse-stream", "converse-stream", "arn:aws:bedrock:us-east-1:123456789012:inference-profile/" + NOVA,
    CONVERSE | {"serviceTier": {"type": "priority"}},
    stream(*OPENING, event("messageStop", {"stopReason": "end_turn"}),
           event("metadata", {"usage": USAGE, "metrics": {"latencyMs": 120}})),
    "true", CACHED, "priority",
)
write(
    "converse-stream-exception", "converse-stream", NOVA, CONVERSE,
    stream(*OPENING[:2], message("exception", "modelStreamErrorException",
                                 {"message": "the model failed", "usage": {"inputTokens": 1, "outputTokens": 1}})),
    "false", "",
)
write(
    "converse-stream-corrupt", "converse-stream", NOVA, CONVERSE,
    b"".join([*OPENING, event("metadata", {"usage": USAGE})[:-1] + b"\x00"]),
    "false", "",
)
write(
    "invoke-claude", "invoke", "eu." + CLAUDE, CLAUDE_BODY,
    CLAUDE_START["message"] | {"usage": CLAUDE_START["message"]["usage"] | {"output_tokens": 16}},
    "true", CACHED,
)
write(
    "invoke-claude-stream", "invoke-with-response-stream", "global." + CLAUDE, CLAUDE_BODY,
    stream(*CLAUDE_EVENTS, CLAUDE_STOP), "true", CACHED,
)
write(
    "invoke-claude-stream-cut", "invoke-with-response-stream", CLAUDE, CLAUDE_BODY,
    stream(*CLAUDE_EVENTS), "false", CACHED,
)
write(
    "invoke-nova", "invoke", NOVA, CONVERSE,
    {"output": ANSWER, "stopReason": "end_turn",
     "usage": {"inputTokens": 7, "outputTokens": 16, "totalTokens": 23, "cacheReadInputTokenCount": 5}},
    "true", "INPUT=7 CACHED_INPUT=5 OUTPUT=16",
)
write(
    "invoke-llama", "invoke", "meta.llama3-1-8b-instruct-v1:0", {"prompt": "What does a weir do?", "max_gen_len": 32},
    {"generation": "It holds water back.", "prompt_token_count": 7, "generation_token_count": 16, "stop_reason": "stop"},
    "true", "INPUT=7 OUTPUT=16",
)
write(
    "invoke-llama-stream", "invoke-with-response-stream", "meta.llama3-1-8b-instruct-v1:0", {"prompt": "A weir"},
    stream(
        chunk({"generation": "It", "prompt_token_count": 7, "generation_token_count": 1, "stop_reason": None}),
        chunk({"generation": "", "prompt_token_count": None, "generation_token_count": 16, "stop_reason": "stop",
               "amazon-bedrock-invocationMetrics": {"inputTokenCount": 7, "outputTokenCount": 16}}),
    ),
    "true", "INPUT=7 OUTPUT=16",
)
write(
    "invoke-titan", "invoke", "amazon.titan-text-lite-v1", {"inputText": "What does a weir do?"},
    {"inputTextTokenCount": 7, "results": [{"tokenCount": 16, "outputText": "It", "completionReason": "FINISH"}]},
    "true", "INPUT=7 OUTPUT=16",
)
write(
    "invoke-titan-embedding", "invoke", "amazon.titan-embed-text-v2:0", {"inputText": "weir"},
    {"embedding": [0.5, -0.25, 1e-7], "inputTextTokenCount": 3},
    "true", "INPUT=3",
)
write(
    "invoke-gpt-oss", "invoke", "openai.gpt-oss-120b-1:0",
    {"messages": [{"role": "user", "content": "What does a weir do?"}], "max_completion_tokens": 32},
    {"choices": [{"message": {"content": "It"}}],
     "usage": {"prompt_tokens": 7, "completion_tokens": 16, "prompt_tokens_details": {"cached_tokens": 2}}},
    "true", "INPUT=5 CACHED_INPUT=2 OUTPUT=16",
)
