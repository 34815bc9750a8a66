package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.console.ConsoleFile;
import dev.polyptych.dispatcher.console.ConsoleFiles;
import dev.polyptych.schema.error.ErrorCode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Serves the console beside the API, without a key. Its files hold no secrets. The console gets its
 * data from the API, with its user's key.
 */
final class ConsoleRoutes {
  private static final String FOLDER = "/console/";

  private final ConsoleFiles files;

  ConsoleRoutes(ConsoleFiles files) {
    this.files = files;
  }

  void mount(Router router) {
    router.route("/").handler(routing -> read(routing, this::redirect));
    router.route("/console*").handler(routing -> read(routing, this::answer));
  }

  private void read(RoutingContext routing, Consumer<RoutingContext> answer) {
    routing.put(ApiRouter.OPERATION, "console");
    HttpMethod method = routing.request().method();
    if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
      answer.accept(routing);
    } else {
      routing.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD");
      Answer.problem(
          routing,
          ErrorCode.METHOD_NOT_ALLOWED,
          method + " is not allowed here; allowed: GET, HEAD");
    }
  }

  private void answer(RoutingContext routing) {
    String path = routing.normalizedPath();
    if (path.equals("/console")) {
      redirect(routing);
      return;
    }
    Optional<ConsoleFile> file =
        path.startsWith(FOLDER) ? files.at(path.substring(FOLDER.length())) : Optional.empty();
    file.ifPresentOrElse(
        found -> send(routing, found),
        () -> Answer.problem(routing, ErrorCode.UNKNOWN_PATH, "the console is at " + FOLDER));
  }

  /** Redirects to a relative address, which also works behind a proxy that adds a path prefix. */
  private void redirect(RoutingContext routing) {
    routing.response().setStatusCode(302).putHeader(HttpHeaders.LOCATION, "console/").end();
  }

  private static void send(RoutingContext routing, ConsoleFile file) {
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
}
