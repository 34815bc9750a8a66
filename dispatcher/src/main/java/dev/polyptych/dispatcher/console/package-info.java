/**
 * The console: one page to try, operate and debug the service. Its files are hand-written resources
 * without a build step. It uses only the HTTP API of the service.
 */
package dev.polyptych.dispatcher.console;
