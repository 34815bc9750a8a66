package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.console.ConsoleFiles;
import dev.polyptych.dispatcher.console.PageFile;
import dev.polyptych.schema.error.ErrorCode;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * Serves the console beside the API. The console gets its data from the API, with its user's key.
 */
final class ConsoleRoutes {
  private static final String FOLDER = "/console/";
  private static final String NAME = "console";

  private final ConsoleFiles files;

  ConsoleRoutes(ConsoleFiles files) {
    this.files = files;
  }

  void mount(Router router) {
    router.route("/").handler(PageAnswers.reads(NAME, ConsoleRoutes::redirect));
    router.route("/console*").handler(PageAnswers.reads(NAME, this::answer));
  }

  private void answer(RoutingContext routing) {
    String path = routing.normalizedPath();
    if (path.equals("/console")) {
      redirect(routing);
      return;
    }
    Optional<PageFile> file =
        path.startsWith(FOLDER) ? files.at(path.substring(FOLDER.length())) : Optional.empty();
    file.ifPresentOrElse(
        found -> PageAnswers.send(routing, found),
        () -> Answer.problem(routing, ErrorCode.UNKNOWN_PATH, "the console is at " + FOLDER));
  }

  private static void redirect(RoutingContext routing) {
    PageAnswers.redirect(routing, "console/");
  }
}
