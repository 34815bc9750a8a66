/**
 * Bases, adapters and tasks as resources with immutable versions: their records, and strict readers
 * of what people write.
 */
package dev.polyptych.schema.registry;
