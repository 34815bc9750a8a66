/**
 * The console: one page for those who try, operate and debug. Its files are hand-kept resources,
 * with no build step; it knows nothing of the service but its HTTP API.
 */
package dev.polyptych.dispatcher.console;
