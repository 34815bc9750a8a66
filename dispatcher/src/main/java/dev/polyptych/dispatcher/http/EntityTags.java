package dev.polyptych.dispatcher.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;

/** What {@code If-None-Match} says. */
final class EntityTags {
  private EntityTags() {}

  /** Whether the caller holds what the tag stands for; compares weakly, as RFC 9110 wants it. */
  static boolean holds(HttpServerRequest request, String tag) {
    String ifNoneMatch = request.getHeader(HttpHeaders.IF_NONE_MATCH);
    return ifNoneMatch != null
        && Arrays.stream(ifNoneMatch.split(","))
            .map(String::strip)
            .anyMatch(held -> held.equals("*") || held.replaceFirst("^W/", "").equals(tag));
  }
}
