/**
 * The API over HTTP: one handler for each operation of {@code openapi.yaml}, on one event loop.
 * What blocks goes to {@link dev.polyptych.dispatcher.calls.BoundedCalls} and comes back by future.
 */
package dev.polyptych.dispatcher.http;
