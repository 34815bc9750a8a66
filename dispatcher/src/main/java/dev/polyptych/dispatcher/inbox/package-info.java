/**
 * Jobs that backends put on Kafka themselves, and jobs of dispatchers of the version before: a
 * dispatcher resolves them, and passes them on to the lanes of their base.
 */
package dev.polyptych.dispatcher.inbox;
