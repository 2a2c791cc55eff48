"""Cases of boto3's bedrock-runtime client. See sdk_case for what is printed.

Over https the key is a Bedrock API key (a bearer token); over http, where boto3 refuses to send
one, it is the access key id of a pair whose secret can be anything.
"""

import json
import os

import boto3
from botocore.config import Config

from sdk_case import interesting, main

MESSAGES = [{"role": "user", "content": [{"text": "What does a weir do?"}]}]
CLAUDE = "us.anthropic.claude-haiku-5-5"
ARN = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-lite-v1:0"


def client(args, wire, sim="", max_retries=0, key=None):
    key = key or args.key
    secure = args.base_url.startswith("https:")
    options = {"aws_access_key_id": key, "aws_secret_access_key": "any"}
    os.environ.pop("AWS_BEARER_TOKEN_BEDROCK", None)
    if secure:
        os.environ["AWS_BEARER_TOKEN_BEDROCK"] = key
        options = {"verify": args.ca}
    made = boto3.client(
        "bedrock-runtime",
        endpoint_url=args.base_url,
        region_name="us-east-1",
        config=Config(retries={"total_max_attempts": max_retries + 1}, read_timeout=30),
        **options,
    )
    script = sim or args.sim

    def before(params, **_):
        if script:
            params["headers"]["x-sim"] = script

    def send(request, **_):
        wire.attempts += 1
        wire.sent = [name for name in request.headers.keys() if name.lower() == "authorization"]

    def received(response_dict, **_):
        if response_dict:
            wire.statuses.append(response_dict["status_code"])
            wire.headers = interesting(response_dict["headers"])

    made.meta.events.register("before-call.bedrock-runtime", before)
    made.meta.events.register("before-send.bedrock-runtime", send)
    made.meta.events.register("response-received.bedrock-runtime", received)
    return made


def request(args, model=None):
    return {
        "modelId": model or args.model,
        "messages": MESSAGES,
        "inferenceConfig": {"maxTokens": args.max_tokens},
    }


def claude(args):
    body = {
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": args.max_tokens,
        "messages": [{"role": "user", "content": "What does a weir do?"}],
    }
    return {"modelId": CLAUDE, "body": json.dumps(body)}


def converse(args, wire, sim="", max_retries=0, model=None, key=None):
    answer = client(args, wire, sim, max_retries, key).converse(**request(args, model))
    return {
        "text": "".join(part["text"] for part in answer["output"]["message"]["content"]),
        "usage": answer["usage"],
        "request_id": answer["ResponseMetadata"]["RequestId"],
    }


def converse_stream(args, wire, sim="", model=None):
    answer = client(args, wire, sim).converse_stream(**request(args, model))
    text, usage = "", None
    for event in answer["stream"]:
        if "contentBlockDelta" in event:
            text += event["contentBlockDelta"]["delta"]["text"]
        if "metadata" in event:
            usage = event["metadata"]["usage"]
    return {"text": text, "usage": usage}


def invoke(args, wire):
    answer = client(args, wire).invoke_model(**claude(args))
    return {"text": json.loads(answer["body"].read())["content"][0]["text"]}


def invoke_stream(args, wire):
    answer = client(args, wire).invoke_model_with_response_stream(**claude(args))
    text, metrics = "", None
    for event in answer["body"]:
        chunk = json.loads(event["chunk"]["bytes"])
        text += chunk.get("delta", {}).get("text", "")
        metrics = chunk.get("amazon-bedrock-invocationMetrics", metrics)
    return {"text": text, "usage": metrics}


def count_tokens(args, wire):
    answer = client(args, wire).count_tokens(
        modelId=args.model, input={"converse": {"messages": MESSAGES}}
    )
    return {"usage": {"inputTokens": answer["inputTokens"]}}


CASES = {
    "converse": converse,
    "converse-arn": lambda a, w: converse(a, w, model=ARN),
    "converse-stream": converse_stream,
    "invoke": invoke,
    "invoke-stream": invoke_stream,
    "count-tokens": count_tokens,
    "unknown-key": lambda a, w: converse(a, w, key="wk_nobody-has-this-one"),
    "provider-429": lambda a, w: converse(a, w, "throttled"),
    "provider-quota": lambda a, w: converse(a, w, "quota"),
    "provider-500": lambda a, w: converse(a, w, "broken"),
    "provider-exception-in-stream": lambda a, w: converse_stream(a, w, "exception"),
    "converse-retrying": lambda a, w: converse(a, w, max_retries=2),
}

if __name__ == "__main__":
    main(CASES, "us.amazon.nova-lite-v1:0")
