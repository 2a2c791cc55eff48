"""Cases of the official Replicate SDK. See sdk_case for what is printed."""

import replicate

from sdk_case import main, script_headers

INPUT = {"prompt": "What does a weir do?", "max_tokens": 32}
VERSION = "acme/upscaler:" + "0123456789abcdef" * 4


def client(args, wire, sim="", key=None):
    return replicate.Client(
        api_token=key or args.key,
        base_url=args.base_url.rstrip("/"),
        timeout=30,
        headers=script_headers(args, sim),
        event_hooks=wire.hooks(),
    )


def told(prediction):
    return {"text": "".join(prediction.output or []), "finish": prediction.status}


def run(args, wire, sim="", **more):
    """Waits in the request, then asks until it is over."""
    output = client(args, wire, sim, **more).run(args.model, input=INPUT)
    return {"text": "".join(output)}


def create(args, wire):
    """Does not wait in the request, and asks until it is over."""
    prediction = client(args, wire).models.predictions.create(
        model=args.model, input=INPUT, wait=False
    )
    first = prediction.status
    prediction.wait()
    return told(prediction) | {"first": first}


def version(args, wire):
    prediction = client(args, wire).predictions.create(version=VERSION, input={"scale": 2})
    prediction.wait()
    return told(prediction)


def cancel(args, wire):
    prediction = client(args, wire).models.predictions.create(
        model=args.model, input=INPUT, wait=False
    )
    prediction.cancel()
    return told(prediction)


def follow(args, wire):
    """Follows the absolute URLs of the answer, as hand-written clients do."""
    own = client(args, wire)
    prediction = own.models.predictions.create(model=args.model, input=INPUT, wait=False)
    for _ in range(2):
        last = own._client.get(prediction.urls["get"]).json()
    return {"finish": last["status"], "again": last["urls"]["get"] == prediction.urls["get"]}


CASES = {
    "run": run,
    "create": create,
    "version": version,
    "cancel": cancel,
    "follow": follow,
    "unknown-key": lambda a, w: run(a, w, key="wk_nobody-has-this-one"),
    "provider-429": lambda a, w: run(a, w, "status=429"),
    "provider-500": lambda a, w: run(a, w, "status=500"),
}

if __name__ == "__main__":
    main(CASES, "meta/llama-3-70b-instruct")
