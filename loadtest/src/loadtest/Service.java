package loadtest;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.Optional;

/** Serves one request: reads it whole, understands it, hands its answer to a {@link Delivery}. */
final class Service implements Delivery.Watcher {
    /** Above the 32 MiB that Weir lets through, so that a test sees whose limit it was. */
    private static final int MAX_BODY_BYTES = 64 * 1024 * 1024;

    private final Vertx vertx;
    private final SimulatedProvider provider;
    private final HttpServerRequest request;
    private final Vendor vendor;
    private final Exchange exchange;
    private final String requestId;
    private final Buffer body = Buffer.buffer();
    private boolean arrived;

    Service(Vertx vertx, SimulatedProvider provider, HttpServerRequest request) {
        this.vertx = vertx;
        this.provider = provider;
        this.request = request;
        this.vendor = Vendor.of(request);
        this.exchange = provider.recorder().begin(request);
        this.requestId = "req_sim" + exchange.number();
    }

    void begin() {
        request.exceptionHandler(e -> vanished());
        request.handler(chunk -> {
            if (provider.options().record()) {
                exchange.body(chunk);
            }
            if (body.length() <= MAX_BODY_BYTES) {
                body.appendBuffer(chunk);
            }
        });
        request.endHandler(v -> {
            arrive();
            answer();
        });
    }

    private void arrive() {
        arrived = true;
        provider.recorder().add(exchange, provider.options().record());
    }

    /** The client left while it was still sending. */
    private void vanished() {
        if (!arrived) {
            arrive();
            ended(Exchange.Ending.CLIENT_VANISHED);
        }
    }

    private void answer() {
        Optional<Operation> operation = Operation.of(request);
        if (operation.isEmpty()) {
            refuse(404, "Unknown request URL: " + request.method() + " " + request.path());
        } else if (!vendor.knows(request.headers(), provider.options().keys())) {
            refuse(401, "Incorrect API key provided");
        } else if (vendor == Vendor.ANTHROPIC && !request.headers().contains("anthropic-version")) {
            refuse(400, "anthropic-version: header is required");
        } else if (body.length() > MAX_BODY_BYTES) {
            refuse(413, "Request exceeds the maximum size");
        } else {
            understand(operation.get());
        }
    }

    private void understand(Operation operation) {
        Ask ask;
        try {
            ask = operation.hasBody() ? Ask.read(body) : Ask.NOTHING;
        } catch (IOException e) {
            refuse(400, "We could not parse the JSON body of your request: " + e.getMessage());
            return;
        }
        Optional<String> missing = operation.missing(ask);
        if (missing.isPresent()) {
            refuse(400, missing.get() + ": Field required");
            return;
        }
        switch (script(ask)) {
            case Script.Parsed.Bad bad ->
                    refuse(400, "x-sim: there is no word \"" + bad.word() + "\"");
            case Script.Parsed.Good good -> act(operation, ask, good.script());
        }
    }

    private Script.Parsed script(Ask ask) {
        String header = request.headers().get("x-sim");
        Script.Parsed parsed = provider.script().with(Script.inModel(ask.model()));
        if (header == null || !(parsed instanceof Script.Parsed.Good good)) {
            return parsed;
        }
        return good.script().with(header);
    }

    private void act(Operation operation, Ask ask, Script script) {
        int status = status(script);
        if (status >= 400) {
            if (script.has(Word.RETRY_AFTER)) {
                String seconds = Long.toString(script.number(Word.RETRY_AFTER, 0));
                request.response().putHeader("retry-after", seconds);
            }
            String message = "The simulated provider was told to answer " + status;
            deliver(script, vendor.error(status, message, script.text(Word.CODE, ""), requestId));
        } else if (script.has(Word.GARBAGE)) {
            deliver(script, Answer.garbage(ask.stream()));
        } else {
            deliver(script, operation.answer(new Order(ask, script, exchange.number())));
        }
    }

    /**
     * What the script wants this time: with {@code fail-first}, an error for the first calls only.
     */
    private int status(Script script) {
        if (!script.has(Word.FAIL_FIRST)) {
            return (int) script.number(Word.STATUS, 200);
        }
        String header = request.headers().get("x-sim-id");
        String name = header == null ? script.text(Word.ID, script.toString()) : header;
        boolean fails = provider.failures().next(name, script.number(Word.FAIL_FIRST, 0));
        return fails ? (int) script.number(Word.STATUS, 500) : 200;
    }

    private void refuse(int status, String message) {
        deliver(Script.DEFAULT, vendor.error(status, message, "", requestId));
    }

    private void deliver(Script script, Answer answer) {
        vendor.head(request.response().headers(), requestId);
        new Delivery(vertx, request, script, answer, this).start();
    }

    @Override
    public void wrote(int bytes) {
        exchange.wrote(bytes);
    }

    @Override
    public void ended(Exchange.Ending ending) {
        if (exchange.end(ending, System.nanoTime())) {
            provider.recorder().ended(ending);
        }
    }
}
