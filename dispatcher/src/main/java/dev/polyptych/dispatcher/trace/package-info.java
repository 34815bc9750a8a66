/** Trace contexts: the contract carries them as text, OpenTelemetry as objects. */
package dev.polyptych.dispatcher.trace;
