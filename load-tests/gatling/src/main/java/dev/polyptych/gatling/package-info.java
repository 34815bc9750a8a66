/**
 * Load on a running dispatcher from outside, as callers make it: an open model by Gatling, at a
 * share of what the cluster was measured to do just before. Knows the HTTP interface only.
 */
package dev.polyptych.gatling;
