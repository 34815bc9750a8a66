/**
 * Simulates event by event how the fleet follows the work. KEDA and the autoscaler of Kubernetes
 * run with the configuration of {@code k8s/} on a simulated cluster of GPU nodes. Other scaling
 * signals run on the same work for comparison. The same seed gives the same figures.
 */
package dev.polyptych.lab.autoscale;
