/**
 * Load on a running dispatcher from outside: an open model in Gatling, at a share of the capacity
 * that was measured just before. Uses only the HTTP interface.
 */
package dev.polyptych.gatling;
