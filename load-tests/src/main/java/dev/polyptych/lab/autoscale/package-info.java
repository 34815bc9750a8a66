/**
 * How well the fleet follows the work, simulated event by event: KEDA and the autoscaler of
 * Kubernetes as they are configured in {@code k8s/}, on a played cluster of GPU nodes, beside other
 * signals to scale on. The same seed gives the same figures.
 */
package dev.polyptych.lab.autoscale;
