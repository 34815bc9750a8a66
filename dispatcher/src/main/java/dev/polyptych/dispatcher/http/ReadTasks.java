package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.placement.PlacementReports;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.Problem;
import dev.polyptych.schema.json.DidYouMean;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/**
 * {@code GET /v1/tasks} and {@code GET /v1/tasks/{task}/placement}. Neither blocks, so both answer
 * on the event loop.
 */
public final class ReadTasks {
  private static final int NOT_FOUND = 404;

  private final Catalog catalog;
  private final PlacementReports reports;

  public ReadTasks(Catalog catalog, PlacementReports reports) {
    this.catalog = catalog;
    this.reports = reports;
  }

  public List<ApiOperation> operations() {
    return List.of(
        new ApiOperation("listTasks", routing -> Answer.json(routing, 200, catalog)),
        new ApiOperation("readPlacement", this::placement));
  }

  private void placement(RoutingContext routing) {
    String id = routing.pathParam("task");
    Optional<Task> task = catalog.task(id);
    if (task.isPresent()) {
      Answer.json(routing, 200, reports.of(task.get()));
    } else {
      Answer.problem(routing, unknown(id));
    }
  }

  private Problem unknown(String id) {
    String remedy =
        DidYouMean.to(id, catalog.taskIds())
            .map(near -> "did you mean '" + near + "'?")
            .orElse("GET /v1/tasks lists them");
    return Problem.of(ErrorCode.UNKNOWN_TASK, "there is no task '" + id + "'; " + remedy)
        .withStatus(NOT_FOUND);
  }
}
