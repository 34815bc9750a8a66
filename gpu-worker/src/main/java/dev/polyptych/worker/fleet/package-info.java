/**
 * The worker as a member of the fleet: its heartbeat, the handover of waiting jobs to idle workers,
 * and in Kubernetes the cost by which scale-in takes idle workers first.
 */
package dev.polyptych.worker.fleet;
