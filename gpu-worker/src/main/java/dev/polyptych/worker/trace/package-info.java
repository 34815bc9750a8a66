/** A job's way through the worker as spans of its trace. */
package dev.polyptych.worker.trace;
