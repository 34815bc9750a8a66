/**
 * Whether a job and its record still agree: the pure decision behind the sweep and {@code polyptych
 * audit --repair}.
 */
package dev.polyptych.policy.reconcile;
