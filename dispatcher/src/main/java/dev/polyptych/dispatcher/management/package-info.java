/** Health and metrics, on a port of their own that callers of the API can't reach. */
package dev.polyptych.dispatcher.management;
