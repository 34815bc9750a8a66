package dev.polyptych.dispatcher.http;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;

/** Answers one operation of the contract. Runs on the event loop. */
interface OperationHandler extends Handler<RoutingContext> {
  /** As in {@code openapi.yaml}. */
  String operationId();
}
