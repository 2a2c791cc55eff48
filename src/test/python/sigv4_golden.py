"""Writes src/test/resources/sigv4.jsonl: requests, and what botocore's own signer makes of them.

    pip install botocore==1.43.11 && python src/test/python/sigv4_golden.py

One JSON object a line. The requests are drawn at random with a fixed seed, so that another run
with the same botocore writes the same file. The keys in it were never anybody's.
"""

import datetime
import json
import pathlib
import random
from unittest import mock

import botocore.auth
import botocore.awsrequest
import botocore.credentials

FILE = pathlib.Path(__file__).parent.parent / "resources" / "sigv4.jsonl"
RANDOM = random.Random(20261124)
REQUESTS = 200

MODELS = [
    "anthropic.claude-opus-5-5-v1%3A0",
    "anthropic.claude-opus-5-5-v1:0",
    "us.amazon.nova-pro-v1%3A0",
    "arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2Fus.amazon.nova-pro-v1%3A0",
    "arn%3aaws%3abedrock%3aus-east-1%3a123456789012%3aapplication-inference-profile%2fab12cd34ef56",
    "arn:aws:bedrock:us-east-1:123456789012:provisioned-model%2Fxyz",
    "caf%C3%A9",
    "with%20space",
    "with+plus",
    "a~b_c-d.e",
    "(star)*!'$,;=@",
    "%25already",
    "",
]
PATHS = [
    "/model/{}/converse",
    "/model/{}/converse-stream",
    "/model/{}/invoke",
    "/model/{}/invoke-with-response-stream",
    "/proxy//model/{}//invoke",
    "/model/./{}/../{}/invoke",
    "/../model/{}/",
    "/async-invoke/{}",
    "/{}",
    "/",
    "",
]
QUERIES = ["", "", "", "b=2&a=1", "a=2&a=1&a=10", "flag", "flag=&flag", "x=a%20b&X=c", "a-b=1&a.b=2&a=3",
           "statusEquals=InProgress&maxResults=5", "t=a+b%2Bc", "q=%C3%A9&%C3%A9=q", "a==b&a=b=c", "&a=1&",
           "nextToken=ab%2Fcd%3D%3D"]
HOSTS = ["bedrock-runtime.us-east-1.amazonaws.com", "bedrock-runtime-fips.us-gov-west-1.amazonaws.com",
         "vpce-0a1b.bedrock-runtime.eu-central-1.vpce.amazonaws.com:8443", "127.0.0.1:4141",
         "bedrock-runtime.eu-west-1.api.aws"]
REGIONS = ["us-east-1", "eu-central-1", "us-gov-west-1", "ap-southeast-2"]
HEADERS = [
    ("Content-Type", "application/json"),
    ("content-type", "application/json;  charset=utf-8"),
    ("CONTENT-TYPE", "  text/plain  "),
    ("X-Amz-Target", "a.B"),
    ("x-amz-meta", "one"),
    ("X-AMZ-Meta", "two   words\tand a tab"),
    ("X-Amz-meta", ""),
    ("x-AMZ-user-Agent", "  spaces  on   both ends "),
    ("X-Amz-Zone", 'quotes "stay   not"'),
    ("User-Agent", "Boto3/1.43.11 md/Botocore#1.43.11"),
    ("X-Amzn-Trace-Id", "Root=1-67891233-abcdef012345678912345678"),
    ("Connection", "keep-alive"),
    ("Expect", "100-continue"),
    ("Authorization", "AWS4-HMAC-SHA256 Credential=somebody, Signature=else"),
    ("X-Amz-Date", "20001231T235959Z"),
    ("X-Amz-Security-Token", "of-somebody-else"),
]
BODIES = ["", "{}", '{"messages":[{"role":"user","content":[{"text":"What does a weir do?"}]}]}', "é ü 水 🌊",
          "x" * 5000, "\r\n\0\x01"]


def draw():
    token = RANDOM.random() < 0.5
    headers = RANDOM.sample(HEADERS, RANDOM.randint(0, 8))
    # Somebody else's token is replaced where there is a new one; without one it would be signed.
    if not token:
        headers = [h for h in headers if h[0] != "X-Amz-Security-Token"]
    query = RANDOM.choice(QUERIES)
    path = RANDOM.choice(PATHS)
    path = path.format(*[RANDOM.choice(MODELS) for _ in range(path.count("{}"))])
    return {
        "method": RANDOM.choice(["POST", "POST", "POST", "GET", "PUT", "DELETE"]),
        "scheme": RANDOM.choice(["https", "http"]),
        "authority": RANDOM.choice(HOSTS),
        "target": path + ("?" + query if query else ""),
        "headers": headers,
        "body": RANDOM.choice(BODIES),
        "region": RANDOM.choice(REGIONS),
        "service": "bedrock",
        "time": RANDOM.choice(["2026-11-24T18:07:00Z", "2024-02-29T23:59:59Z", "2027-01-01T00:00:00Z"]),
        "access_key_id": RANDOM.choice(["AKIAIOSFODNN7EXAMPLE", "ASIAIOSFODNN7EXAMPLE"]),
        "secret_access_key": RANDOM.choice(["wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "short", "é+/="]),
        "session_token": RANDOM.choice(["IQoJb3JpZ2luX2VjE+/==", "t" * 900]) if token else None,
    }


def sign(request):
    keys = botocore.credentials.Credentials(
        request["access_key_id"], request["secret_access_key"], request["session_token"]
    )
    url = request["scheme"] + "://" + request["authority"] + request["target"]
    aws = botocore.awsrequest.AWSRequest(request["method"], url, data=request["body"].encode())
    for name, value in request["headers"]:
        aws.headers[name] = value
    now = datetime.datetime.fromisoformat(request["time"].replace("Z", "+00:00"))
    signer = botocore.auth.SigV4Auth(keys, request["service"], request["region"])
    with mock.patch("botocore.auth.get_current_datetime", return_value=now):
        signer.add_auth(aws)
    return aws.headers


def main():
    lines = []
    for _ in range(REQUESTS):
        request = draw()
        headers = sign(request)
        request["authorization"] = headers["Authorization"]
        request["x_amz_date"] = headers["X-Amz-Date"]
        lines.append(json.dumps(request, ensure_ascii=True))
    FILE.write_text("\n".join(lines) + "\n", encoding="ascii")


main()
