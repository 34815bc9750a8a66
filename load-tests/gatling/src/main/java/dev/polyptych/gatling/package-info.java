/**
 * Load on a running dispatcher from outside, as callers make it: an open model by Gatling, at a
 * share of what the cluster was measured to do just before. Gatling makes the calls that are
 * measured; all others are the client module's.
 */
package dev.polyptych.gatling;
