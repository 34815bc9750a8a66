package dev.polyptych.dispatcher.http;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;

/**
 * One operation of the contract.
 *
 * @param id as in {@code openapi.yaml}
 * @param handler answers it, on the event loop
 */
public record ApiOperation(String id, Handler<RoutingContext> handler) {}
