/**
 * Load on a running dispatcher from outside: an open model in Gatling, at a share of the capacity
 * that was measured just before. Gatling makes the measured calls; the module {@code client} makes
 * the others.
 */
package dev.polyptych.gatling;
