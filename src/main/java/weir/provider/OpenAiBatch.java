package weir.provider;

import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.provider.Endpoint.Cost;
import weir.usage.UsageReport;

/**
 * Batches of OpenAI, and of those that took them over. Shapes: openai-python 3.54.0, {@code
 * types/batch_create_params.py}, {@code types/batch.py}; groq 1.7.0 has the same.
 *
 * <p>A batch names a file that was sent before, of which each line is a request: Weir reads it at
 * the vendor before it quotes ({@link OpenAiBatchRequests}). Files never change, so what was quoted
 * is what will be done. What it used stands in another file, which the batch names when it is over
 * ({@link OpenAiBatchResults}); that holds all that is billed, also where the batch expired or was
 * cancelled half-way. One that names no such file has done nothing. The totals that a batch tells
 * itself are not used: a price that depends on the length of a prompt needs to know each.
 */
final class OpenAiBatch {
    static final Endpoint CREATE = Endpoint.batches("batches");

    /** In front of the name of what the batch was of. */
    private static final String RESULTS = "batches.results.";

    /** What a batch may be of; of all others the answers are not read here. */
    private static final Set<String> KINDS =
            Set.of("chat.completions", "completions", "responses", "embeddings");

    /** The term of service by which price lists know batches. */
    static final String TERM = "batch";

    private static final String FILE = "../files/%s/content";
    private static final Set<String> OVER = Set.of("completed", "failed", "expired", "cancelled");

    private @Nullable String file;

    private OpenAiBatch() {}

    /** What the request that begins a batch says. */
    static PeekResult peek(Flavour flavour, String target, byte[] body) {
        OpenAiBatch asked = new OpenAiBatch();
        Fields<Request> fields =
                new Fields.Builder<Request>()
                        .on("endpoint", RequestFields.text("endpoint", (r, url) -> r.model = url))
                        .on(
                                "input_file_id",
                                RequestFields.text("input_file_id", (r, id) -> asked.file = id))
                        .build();
        PeekResult result = Request.peek(fields, body, null, OpenAiBatch::unmetered);
        if (!(result instanceof Peek unread)) {
            return result;
        }
        OpenAiBatchRequests requests = OpenAiBatchRequests.of(flavour, unread.model());
        String from = Job.isSegment(asked.file) ? FILE.formatted(asked.file) : null;
        return requests == null || from == null
                ? unread
                : new PeekResult.InFile(new Job(from, null).target(target), requests);
    }

    private static void unmetered(Request request) {
        request.unmetered = true;
        request.otherModel(Peek.ANY);
    }

    /** What the requests of a batch are; null where Weir does not read such batches. */
    static @Nullable Endpoint kind(Flavour flavour, @Nullable String url) {
        Endpoint kind = url == null ? null : flavour.endpoint(HttpMethod.POST, url);
        return kind != null && KINDS.contains(kind.name()) ? kind : null;
    }

    static boolean isAbout(Endpoint endpoint) {
        return endpoint.equals(CREATE) || endpoint.name().startsWith(RESULTS);
    }

    /** A reader of how a batch stands, or of its results. */
    static UsageReader reader(Endpoint endpoint, Flavour flavour, Peek peek) {
        if (endpoint.equals(CREATE)) {
            return new BodyReader<>(Status.FIELDS, new Status(flavour));
        }
        String kind = endpoint.name().substring(RESULTS.length());
        return new OpenAiBatchResults(OpenAi.shape(kind, false), flavour.quirks(), peek);
    }

    private static final class Status implements Findings {
        static final Fields<Status> FIELDS =
                new Fields.Builder<Status>()
                        .text("id", (s, id) -> s.id = id)
                        .text("status", (s, word) -> s.status = word)
                        .text("endpoint", (s, url) -> s.url = url)
                        .text("output_file_id", (s, id) -> s.output = id)
                        .build();

        private final Flavour flavour;
        private @Nullable String id;
        private @Nullable String url;
        private String status = "";
        private @Nullable String output;
        private boolean ended;

        Status(Flavour flavour) {
            this.flavour = flavour;
        }

        @Override
        public void end() {
            ended = true;
        }

        private boolean isOver() {
            return ended && OVER.contains(status);
        }

        @Override
        public @Nullable Job job() {
            if (!ended || status.isEmpty()) {
                return null;
            }
            if (!isOver()) {
                return Job.of("%s", id, CREATE);
            }
            Endpoint kind = kind(flavour, url);
            return kind == null
                    ? null
                    : Job.of(FILE, output, new Endpoint(RESULTS + kind.name(), Cost.ACCOUNT));
        }

        /** Nothing was done where nothing came out. */
        @Override
        public UsageReport report(long outputBytes) {
            return new UsageReport(List.of(), isOver() && output == null, outputBytes);
        }
    }
}
