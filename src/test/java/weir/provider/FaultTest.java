package weir.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.MultiMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FaultTest {
    /** Trap 19: that there is no money left is said in ten ways. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "openai | 429 | {'error':{'type':'insufficient_quota','code':'x'}} | OUT_OF_MONEY",
                "openai | 429 | {'error':{'code':'project_spend_limit_exceeded'}} | OUT_OF_MONEY",
                "azure | 429 | {'error':{'code':'insufficient_quota'}} | OUT_OF_MONEY",
                "anthropic | 400 | Your credit balance is too low to access the API | OUT_OF_MONEY",
                "anthropic | 402 | {'error':{'type':'billing_error'}} | OUT_OF_MONEY",
                "anthropic | 429 | {'error_code':'enforced_spend_limit_reached'} | OUT_OF_MONEY",
                "xai | 403 | {'error':'Your team has used all available credits'} | OUT_OF_MONEY",
                "gemini | 402 | {} | OUT_OF_MONEY",
                "groq | 400 | {'error':{'code':'blocked_api_access'}} | OUT_OF_MONEY",
                "mistral | 402 | {} | OUT_OF_MONEY",
                "deepseek | 402 | Insufficient Balance | OUT_OF_MONEY",
                "bedrock | 400 | {'message':'quota'} | OUT_OF_MONEY",
                "openai | 429 | {'error':{'code':'rate_limit_exceeded'}} | RATE_LIMITED",
                "together | 503 | {} | RATE_LIMITED",
                "openai | 401 | {'error':{'code':'invalid_api_key'}} | NOT_ACCEPTED",
                "vertex | 401 | {'error':{'status':'UNAUTHENTICATED'}} | NOT_ACCEPTED",
                "openai | 503 | {} | NONE",
                "openai | 400 | {'error':{'code':'insufficient_quota'}} | NONE",
                "anthropic | 400 | {'error':{'type':'invalid_request_error'}} | NONE",
                "openai | 403 | no credits | NONE",
                "anthropic | 529 | {} | NONE",
            })
    void trap19OutOfMoneyHasTenFaces(String vendor, int status, String body, Fault fault) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        if (vendor.equals("bedrock")) {
            headers.add("x-amzn-ErrorType", "ServiceQuotaExceededException:http://x/");
        }
        assertEquals(fault, Fault.of(vendor, status, headers, body.replace('\'', '"')));
    }

    /** AWS says with 403 what others say with 401, and other things too. */
    @ParameterizedTest
    @CsvSource({
        "ExpiredTokenException, NOT_ACCEPTED",
        "UnrecognizedClientException, NOT_ACCEPTED",
        "InvalidClientTokenId, NOT_ACCEPTED",
        "AccessDeniedException, NONE",
    })
    void awsKeysThatHaveEnded(String type, Fault fault) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("x-amzn-ErrorType", type);
        assertEquals(fault, Fault.of("bedrock", 403, headers, "{}"));
    }
}
