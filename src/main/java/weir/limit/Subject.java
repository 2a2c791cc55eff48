package weir.limit;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What a request looks like to the limits.
 *
 * @param provider its name in weir.yaml
 * @param model as the request names it; empty where it names none
 * @param models every model that may work for this request; empty where nobody can tell, which
 *     every pattern of a model matches: nobody gets round a limit by hiding what is used
 * @param key the virtual key's name; empty where no key was sent
 * @param endpoint the provider's own word for it ({@code chat.completions}, {@code messages})
 * @param header a request header by name, lower case; empty where there is none
 */
public record Subject(
        String provider,
        String model,
        List<String> models,
        String tenant,
        String key,
        String endpoint,
        Map<String, String> labels,
        UnaryOperator<String> header) {}
