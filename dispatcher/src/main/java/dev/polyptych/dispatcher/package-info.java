/**
 * The HTTP service in front of the cluster. A request passes through {@code http} → {@code
 * admission} → {@code enqueue}, or {@code http} → {@code events} or {@code results}, and never
 * back; {@link dev.polyptych.dispatcher.Dispatcher} wires them.
 */
package dev.polyptych.dispatcher;
