/** The API over HTTP: one handler for each operation of {@code openapi.yaml}, on one event loop. */
package dev.polyptych.dispatcher.http;
