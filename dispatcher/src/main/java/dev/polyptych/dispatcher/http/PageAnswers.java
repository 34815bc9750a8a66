package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.console.ConsoleFiles;
import dev.polyptych.dispatcher.console.PageFile;
import dev.polyptych.schema.error.ErrorCode;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/** Answers requests for files of pages. They need no key, for they hold no secrets. */
final class PageAnswers {
  private PageAnswers() {}

  /**
   * Lets only reads through.
   *
   * @param name of these requests in the metrics
   */
  static Handler<RoutingContext> reads(String name, Handler<RoutingContext> answer) {
    return routing -> {
      routing.put(ApiRouter.OPERATION, name);
      HttpMethod method = routing.request().method();
      if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
        answer.handle(routing);
      } else {
        routing.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD");
        Answer.problem(
            routing,
            ErrorCode.METHOD_NOT_ALLOWED,
            method + " is not allowed here; allowed: GET, HEAD");
      }
    };
  }

  static void send(RoutingContext routing, PageFile file) {
    HttpServerResponse response =
        routing
            .response()
            .putHeader(HttpHeaders.ETAG, file.tag())
            .putHeader(HttpHeaders.CACHE_CONTROL, file.cacheControl())
            .putHeader("Content-Security-Policy", ConsoleFiles.SECURITY_POLICY)
            .putHeader("X-Content-Type-Options", "nosniff")
            .putHeader("Referrer-Policy", "no-referrer")
            .putHeader("Cross-Origin-Opener-Policy", "same-origin");
    if (EntityTags.holds(routing.request(), file.tag())) {
      response.setStatusCode(304).end();
    } else {
      // A HEAD request gets only the head, with the length.
      response
          .putHeader(HttpHeaders.CONTENT_TYPE, file.mediaType())
          .end(Buffer.buffer(file.bytes()));
    }
  }

  /** Redirects to a relative address, which also works behind a proxy that adds a path prefix. */
  static void redirect(RoutingContext routing, String target) {
    routing.response().setStatusCode(302).putHeader(HttpHeaders.LOCATION, target).end();
  }
}
