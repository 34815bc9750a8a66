/** What a dispatcher counts. Labels are bounded: operations, error codes, never an id. */
package dev.polyptych.dispatcher.metrics;
