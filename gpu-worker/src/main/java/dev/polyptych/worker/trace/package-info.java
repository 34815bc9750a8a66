/** What the worker says of its way through a job and through its start: spans, log lines, times. */
package dev.polyptych.worker.trace;
