package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.console.ContractFiles;
import dev.polyptych.schema.error.ErrorCode;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** Serves the contract, and the page that shows it. */
final class ContractRoutes {
  private static final String NAME = "contract";

  private final ContractFiles files;

  ContractRoutes(ContractFiles files) {
    this.files = files;
  }

  void mount(Router router) {
    router.route(ContractFiles.YAML).handler(PageAnswers.reads(NAME, this::answer));
    router.route(ContractFiles.JSON).handler(PageAnswers.reads(NAME, this::answer));
    router.route("/docs*").handler(PageAnswers.reads(NAME, this::answer));
  }

  private void answer(RoutingContext routing) {
    String path = routing.normalizedPath();
    if (path.equals("/docs")) {
      PageAnswers.redirect(routing, "docs/");
      return;
    }
    files
        .at(path)
        .ifPresentOrElse(
            file -> PageAnswers.send(routing, file),
            () ->
                Answer.problem(
                    routing,
                    ErrorCode.UNKNOWN_PATH,
                    "the contract is at " + ContractFiles.YAML + " and " + ContractFiles.PAGE));
  }
}
