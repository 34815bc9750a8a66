package dev.polyptych.dispatcher.http;

import dev.polyptych.schema.catalog.Catalog;
import io.vertx.ext.web.RoutingContext;

/** {@code GET /v1/tasks}. */
final class ListTasks implements OperationHandler {
  private final Catalog catalog;

  ListTasks(Catalog catalog) {
    this.catalog = catalog;
  }

  @Override
  public String operationId() {
    return "listTasks";
  }

  @Override
  public void handle(RoutingContext routing) {
    Answer.json(routing, 200, catalog);
  }
}
