/**
 * The bases, adapters and tasks that callers may name, and how they are registered. What is
 * registered lies over the catalog that the dispatcher was started with.
 */
package dev.polyptych.dispatcher.registry;
