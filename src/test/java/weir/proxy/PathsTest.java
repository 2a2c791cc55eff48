package weir.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PathsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/openai/v1/chat/complet%69ons",
                "/openai/v1/chat%2Fcompletions",
                "/openai/v1/chat%2fcompletions",
                "/openai/v1/%2e%2E/chat",
                "/openai/v1/./chat",
                "/openai/v1/..",
                "/openai//v1",
                "/openai/v1\\chat",
                "/openai/v1%5Cchat",
                "/openai/v1%00",
                "/openai/v1/a%zz",
                "/openai/v1/a%4",
            })
    void whatAServerMightReadOtherwiseIsAmbiguous(String path) {
        assertTrue(Paths.isAmbiguous(path, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/openai/v1/chat/completions",
                "/openai/v1/models/ft:gpt-6:shop::id",
                "/openai/v1/models/ft%3Agpt-6%3Ashop",
                "/openai/v1/files/a..b",
                "/openai/v1/files/%C3%A9%20x",
                "/openai/",
                "",
            })
    void whatIsPlainIsNot(String path) {
        assertFalse(Paths.isAmbiguous(path, false));
    }

    /** Trap 12: an ARN in a path has an escaped slash; only the vendor knows where. */
    @Test
    void aSlashInANameIsOnlyASlash() {
        String path = "/bedrock/model/arn%3Aaws%3Abedrock%3A%3A%3Aprompt%2Fx/converse";
        assertTrue(Paths.isAmbiguous(path, false));
        assertFalse(Paths.isAmbiguous(path, true));
        assertTrue(Paths.isAmbiguous(path + "%2e", true));
        assertTrue(Paths.isAmbiguous(path + "%5c", true));
    }

    @Test
    void whatFollowsTheProviderGoesOnAsItCame() {
        assertEquals("/v1/x?a=%41", Paths.below("openai", "/openai/v1/x", "a=%41"));
        assertEquals("/", Paths.below("openai", "/openai", null));
    }
}
