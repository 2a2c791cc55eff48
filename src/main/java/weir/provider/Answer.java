package weir.provider;

import io.vertx.core.MultiMap;

/**
 * The head of a successful answer, for who reads its body.
 *
 * @param contentType empty where it has none
 */
public record Answer(AnswerShape shape, String contentType, MultiMap headers) {}
