package weir.app;

/**
 * Where to listen.
 *
 * @param port 0 for any free one
 */
record HostAndPort(String host, int port) {
    /**
     * Reads {@code host:port}; an IPv6 address stands in brackets.
     *
     * @throws IllegalArgumentException if it is anything else, naming the setting and what is
     *     allowed
     */
    static HostAndPort parse(String setting, String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (!host.isEmpty() && port >= 0 && port <= 65_535) {
                return new HostAndPort(host, port);
            }
        } catch (NumberFormatException notANumber) {
            throw wrong(setting, text);
        }
        throw wrong(setting, text);
    }

    private static IllegalArgumentException wrong(String setting, String text) {
        return new IllegalArgumentException(
                setting + ": found \"" + text + "\"; allowed: host:port, such as 127.0.0.1:4141");
    }
}
