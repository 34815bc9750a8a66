/**
 * In a Kubernetes cluster: tells it which worker is missed least, so that scaling in takes idle
 * ones first. Elsewhere nothing of this runs.
 */
package dev.polyptych.worker.scalein;
