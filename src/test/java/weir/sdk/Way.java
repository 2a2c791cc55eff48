package weir.sdk;

import java.util.List;

/**
 * One SDK at one vendor.
 *
 * @param url what follows the sidecar's address in the SDK's base URL, but for the provider
 * @param costs one call's, in nano-dollars; more where the hour decides
 */
record Way(String sdk, String vendor, String url, String model, List<Long> costs) {
    static final List<Way> ALL =
            List.of(
                    new Way("azure", "azure", "", "my-deployment", List.of(1_184_000L)),
                    new Way("entra", "entra", "", "my-deployment", List.of(1_184_000L)),
                    new Way("openai", "azure", "/openai/v1", "my-deployment", List.of(1_184_000L)),
                    new Way("groq", "groq", "", "openai/gpt-oss-120b", List.of(127_200L)),
                    new Way(
                            "openai",
                            "groq",
                            "/openai/v1",
                            "openai/gpt-oss-120b",
                            List.of(127_200L)),
                    new Way("mistral", "mistral", "", "mistral-medium-3-5", List.of(717_600L)),
                    new Way("openai", "mistral", "/v1", "mistral-medium-3-5", List.of(717_600L)),
                    new Way("together", "together", "", "MiniMaxAI/MiniMax-M3", List.of(162_240L)),
                    new Way("openai", "together", "/v1", "MiniMaxAI/MiniMax-M3", List.of(162_240L)),
                    new Way("openai", "xai", "/v1", "grok-4.7", List.of(2_184_001L)),
                    new Way(
                            "openai",
                            "gemini",
                            "/v1beta/openai",
                            "gemini-3.8-flash",
                            List.of(358_800L, 717_600L)),
                    new Way(
                            "openai",
                            "deepseek",
                            "",
                            "deepseek-v4-pro",
                            List.of(217_888L, 435_776L)));

    String name() {
        return sdk + "-" + vendor;
    }
}
