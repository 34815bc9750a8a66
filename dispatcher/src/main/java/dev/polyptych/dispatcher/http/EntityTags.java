package dev.polyptych.dispatcher.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;

/** Evaluates {@code If-None-Match}. */
final class EntityTags {
  private EntityTags() {}

  /** Whether the caller already has the content of this tag. Compares weakly (RFC 9110). */
  static boolean holds(HttpServerRequest request, String tag) {
    String ifNoneMatch = request.getHeader(HttpHeaders.IF_NONE_MATCH);
    return ifNoneMatch != null
        && Arrays.stream(ifNoneMatch.split(","))
            .map(String::strip)
            .anyMatch(held -> held.equals("*") || held.replaceFirst("^W/", "").equals(tag));
  }
}
