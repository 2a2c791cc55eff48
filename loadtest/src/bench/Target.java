package bench;

/**
 * Something to call on this machine.
 *
 * @param path of the chat endpoint
 * @param key what the caller presents as its API key
 */
public record Target(String name, int port, String path, String key) {}
