/** What services do again and again beside their work. */
package dev.polyptych.schema.rounds;
