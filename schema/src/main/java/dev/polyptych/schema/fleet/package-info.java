/**
 * What a fleet tells of itself: heartbeats, adapters by tier, swap costs, where the jobs of a task
 * go.
 */
package dev.polyptych.schema.fleet;
