"""What the SDK scripts share: running named cases and printing what came of each as one JSON line.

A line always has "case", "outcome" ("ok" or "error"), "attempts" (HTTP requests that were sent),
"sent" (names of the headers of the last one that carry credentials or count retries) and
"elapsed_ms". "ok" adds what the case returns; "error" adds the exception's qualified class and
what an application would look at: status, code, type, message, request id, headers.
"""

import argparse
import json
import sys
import time

HEADERS_OF_INTEREST = ("retry-after", "x-should-retry", "ratelimit", "request-id")
HEADER_PREFIXES = ("x-weir-", "x-ratelimit-", "anthropic-ratelimit-", "ratelimit-")
SENT_OF_INTEREST = (
    "authorization",
    "x-api-key",
    "x-goog-api-key",
    "anthropic-version",
    "x-stainless-retry-count",
)


class Wire:
    """Counts what goes over the wire, with the hooks of the SDK's own HTTP client."""

    def __init__(self):
        self.attempts = 0
        self.sent = []
        self.statuses = []
        self.headers = {}

    def hooks(self):
        return {"request": [self._request], "response": [self._response]}

    def _request(self, request):
        self.attempts += 1
        self.sent = [name for name in SENT_OF_INTEREST if name in request.headers]

    def _response(self, response):
        self.statuses.append(response.status_code)
        self.headers = interesting(response.headers)


def interesting(headers):
    return {
        name.lower(): value
        for name, value in headers.items()
        if name.lower() in HEADERS_OF_INTEREST or name.lower().startswith(HEADER_PREFIXES)
    }


def describe(error):
    cls = type(error)
    response = getattr(error, "response", None)
    if isinstance(response, dict):
        return describe_aws(error, response)
    headers = getattr(error, "headers", None) if response is None else response.headers
    status = getattr(error, "status_code", None)
    code = getattr(error, "code", None)
    return {
        "outcome": "error",
        "exception": f"{cls.__module__}.{cls.__qualname__}",
        "bases": [base.__name__ for base in cls.__mro__[1:-2]],
        # Google's exceptions have the status in "code", and the body in "details".
        "status": code if status is None and isinstance(code, int) else status,
        "code": code,
        "type": getattr(error, "type", None),
        "message": str(error),
        "body": getattr(error, "body", getattr(error, "details", None)),
        "request_id": getattr(error, "request_id", None),
        "headers": interesting(headers or {}),
    }


def describe_aws(error, response):
    """botocore's errors are dictionaries."""
    cls = type(error)
    about = response.get("ResponseMetadata", {})
    return {
        "outcome": "error",
        "exception": f"{cls.__module__}.{cls.__qualname__}",
        "bases": [base.__name__ for base in cls.__mro__[1:-2]],
        "status": about.get("HTTPStatusCode"),
        "code": response.get("Error", {}).get("Code"),
        "message": str(error),
        "request_id": about.get("RequestId"),
        "headers": interesting(about.get("HTTPHeaders", {})),
    }


def run(name, case, args):
    wire = Wire()
    line = {"case": name}
    start = time.monotonic()
    try:
        line |= {"outcome": "ok"} | case(args, wire)
    except Exception as error:  # the outcome under test, whatever it is
        line |= describe(error)
    line["elapsed_ms"] = round((time.monotonic() - start) * 1000)
    line["attempts"] = wire.attempts
    line["statuses"] = wire.statuses
    line["sent"] = wire.sent
    line.setdefault("headers", wire.headers)
    print(json.dumps(line, default=str), flush=True)


def main(cases, default_model):
    """Runs batches, each with options of its own, that are separated by a lone "+"."""
    batches = [[]]
    for word in sys.argv[1:]:
        if word == "+":
            batches.append([])
        else:
            batches[-1].append(word)
    parser = arguments(default_model)
    for batch in [parser.parse_args(words) for words in batches]:
        if batch.list:
            print("\n".join(cases))
            return
        for name in batch.cases or cases:
            if name not in cases:
                sys.exit(f"no such case: {name}; there are {', '.join(cases)}")
        for name in batch.cases or cases:
            run(name, cases[name], batch)


def arguments(default_model):
    parser = argparse.ArgumentParser(
        description='Runs SDK cases and prints a JSON line for each; "+" begins another batch.'
    )
    parser.add_argument("--base-url", required=True, help="of the vendor's API, without /v1")
    parser.add_argument("--key", required=True, help="what the SDK is given as its API key")
    parser.add_argument("--model", default=default_model)
    parser.add_argument("--max-tokens", type=int, default=32, help="output cap of the cases")
    parser.add_argument("--max-retries", type=int, help="instead of the case's own number")
    parser.add_argument("--header", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--sim", default="", help="x-sim header; added to a case's own")
    parser.add_argument("--ca", help="PEM file of whom to trust over https")
    parser.add_argument("--list", action="store_true", help="print the cases' names and end")
    parser.add_argument("cases", nargs="*", help="names of cases; repeat one to run it again")
    return parser


def script_headers(args, sim=""):
    """Headers of the command line. A case's script goes in front of the caller's."""
    headers = dict(item.split("=", 1) for item in args.header)
    script = ",".join(part for part in (sim, args.sim) if part)
    if script:
        headers["x-sim"] = script
    return headers


def client_options(args, wire, http_client, sim="", max_retries=0):
    """Arguments for a client of OpenAI's or Anthropic's SDK."""
    return {
        "max_retries": max_retries if args.max_retries is None else args.max_retries,
        "default_headers": script_headers(args, sim),
        "timeout": 30,
        "http_client": http_client(event_hooks=wire.hooks()),
        # Types of the SDK that an answer does not fit are an error, not a silent None.
        "_strict_response_validation": True,
    }
