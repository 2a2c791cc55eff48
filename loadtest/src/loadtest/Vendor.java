package loadtest;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where the two vendors differ outside their answers: credentials, errors, headers. */
enum Vendor {
    OPENAI {
        @Override
        Answer error(int status, String message, String code, String requestId) {
            return Answer.error(status, OpenAiAnswers.error(status, message, code));
        }

        @Override
        void head(MultiMap headers, String requestId) {
            headers.add("x-request-id", requestId)
                    .add("openai-processing-ms", "1")
                    .add("openai-version", "2020-10-01")
                    .add("x-ratelimit-limit-requests", "10000")
                    .add("x-ratelimit-remaining-requests", "9999")
                    .add("x-ratelimit-reset-requests", "6ms")
                    .add("x-ratelimit-limit-tokens", "2000000")
                    .add("x-ratelimit-remaining-tokens", "1999950")
                    .add("x-ratelimit-reset-tokens", "1ms");
        }
    },
    ANTHROPIC {
        @Override
        Answer error(int status, String message, String code, String requestId) {
            return Answer.error(status, AnthropicAnswers.error(status, message, code, requestId));
        }

        @Override
        void head(MultiMap headers, String requestId) {
            headers.add("request-id", requestId)
                    .add("anthropic-organization-id", "org_sim")
                    .add("anthropic-ratelimit-requests-limit", "4000")
                    .add("anthropic-ratelimit-requests-remaining", "3999")
                    .add("anthropic-ratelimit-requests-reset", "2026-11-24T00:00:01Z")
                    .add("anthropic-ratelimit-input-tokens-limit", "2000000")
                    .add("anthropic-ratelimit-input-tokens-remaining", "1999000")
                    .add("anthropic-ratelimit-input-tokens-reset", "2026-11-24T00:00:01Z")
                    .add("anthropic-ratelimit-output-tokens-limit", "400000")
                    .add("anthropic-ratelimit-output-tokens-remaining", "399000")
                    .add("anthropic-ratelimit-output-tokens-reset", "2026-11-24T00:00:01Z");
        }
    };

    abstract Answer error(int status, String message, String code, String requestId);

    /** The headers that this vendor puts on every answer. */
    abstract void head(MultiMap headers, String requestId);

    static Vendor of(HttpServerRequest request) {
        boolean anthropic =
                request.uri().startsWith("/v1/messages")
                        || request.headers().contains("anthropic-version");
        return anthropic ? ANTHROPIC : OPENAI;
    }

    /** Whether a request holds one of these keys; of no keys in particular, any will do. */
    boolean knows(MultiMap headers, Set<String> keys) {
        String key = bearer(headers);
        if (key == null && this == ANTHROPIC) {
            key = headers.get("x-api-key");
        }
        return key != null && !key.isEmpty() && (keys.isEmpty() || keys.contains(key));
    }

    private static @Nullable String bearer(MultiMap headers) {
        String authorization = headers.get("authorization");
        if (authorization == null || !authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return null;
        }
        return authorization.substring(7).strip();
    }
}
