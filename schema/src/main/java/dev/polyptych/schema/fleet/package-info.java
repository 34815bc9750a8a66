/**
 * What workers report: heartbeats, adapters by tier, swap costs, and where the jobs of a task go.
 */
package dev.polyptych.schema.fleet;
