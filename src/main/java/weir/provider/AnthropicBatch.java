package weir.provider;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.usage.UsageLine;
import weir.usage.UsageReport;

/**
 * Anthropic's batches of messages. Shapes: anthropic-python 2.12.0, {@code
 * types/messages/batch_create_params.py}, {@code message_batch.py}, {@code
 * message_batch_individual_response.py}.
 *
 * <p>A batch holds its requests, so it is quoted like one request with an answer for each of them:
 * all models that occur may do all of the work, and the largest cap holds for each. What it costs
 * stands in its results, one line for each request, which can be read once it has ended: of those
 * that failed, expired or were cancelled nothing is billed. A report is complete if every line has
 * been read and there are as many as requests; else it says nothing, and the worst case counts.
 */
final class AnthropicBatch {
    static final Endpoint CREATE = Endpoint.batches("messages.batches");
    static final Endpoint RESULTS = new Endpoint("messages.batches.results", Endpoint.Cost.ACCOUNT);

    private static final Fields<Request> REQUESTS =
            AnthropicRequest.message(
                            new Fields.Builder<Request>()
                                    .on("requests[]", (r, token, parser) -> r.requests++),
                            "requests[].params.")
                    .on(
                            "requests[].params.model",
                            RequestFields.text("model", AnthropicBatch::model))
                    .build();

    private AnthropicBatch() {}

    static PeekResult peek(byte[] body) {
        return Request.peek(REQUESTS, body, null, AnthropicBatch::finish);
    }

    private static void model(Request request, String name) {
        if (request.model == null) {
            request.model = name;
        } else if (!request.model.equals(name)) {
            request.otherModel(name);
        }
    }

    /** A request without a cap is one that the vendor fails; but that is for the vendor to say. */
    private static void finish(Request request) {
        request.requests = Math.max(1, request.requests - 1);
        request.choices = request.requests;
        request.cap = request.caps.size() < request.requests ? -1 : request.cap;
        request.extraInputTokens += AnthropicRequest.template(request);
        request.background = true;
        List<String> others = Peek.ofBatch(request.otherModels);
        request.otherModels.clear();
        request.otherModels.addAll(others);
    }

    static UsageReader reader(Endpoint endpoint, Peek peek) {
        return endpoint.name().equals(RESULTS.name())
                ? new LineReader<>(Results.FIELDS, new Results(peek))
                : new BodyReader<>(Status.FIELDS, new Status());
    }

    /** How a batch stands. */
    private static final class Status implements Findings {
        static final Fields<Status> FIELDS =
                new Fields.Builder<Status>()
                        .text("id", (s, id) -> s.id = id)
                        .text("processing_status", (s, word) -> s.status = word)
                        .build();

        private @Nullable String id;
        private @Nullable String status;
        private boolean ended;

        @Override
        public void end() {
            ended = true;
        }

        @Override
        public @Nullable Job job() {
            if (!ended || status == null) {
                return null;
            }
            return status.equals("ended")
                    ? Job.of("%s/results", id, RESULTS)
                    : Job.of("%s", id, CREATE);
        }

        @Override
        public UsageReport report(long outputBytes) {
            return new UsageReport(List.of(), false, outputBytes);
        }
    }

    /** What the requests of a batch have used. */
    private static final class Results implements Findings {
        static final Fields<Results> FIELDS =
                AnthropicUsage.message(
                                new Fields.Builder<Results>()
                                        .text("result.type", (r, type) -> r.type = type),
                                "result.message.",
                                r -> r.message)
                        .build();

        private final Peek peek;
        private final List<UsageLine> lines = new ArrayList<>();
        private AnthropicUsage message;
        private String type = "";
        private int read;

        Results(Peek peek) {
            this.peek = peek;
            this.message = new AnthropicUsage(peek, false);
        }

        @Override
        public void begin() {
            message = new AnthropicUsage(peek, false);
            type = "";
        }

        @Override
        public void end() {
            switch (type) {
                case "errored", "expired", "canceled" -> read++;
                default -> {
                    message.end();
                    UsageReport report = message.report(0);
                    lines.addAll(report.lines());
                    read += report.complete() ? 1 : 0;
                }
            }
        }

        @Override
        public UsageReport report(long outputBytes) {
            boolean complete = read == peek.requests();
            return new UsageReport(complete ? lines : List.of(), complete, outputBytes);
        }
    }
}
