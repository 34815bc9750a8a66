/**
 * Which partition a job goes to. Pure decisions without I/O. The dispatcher, the workers and the
 * simulator use the same classes.
 */
package dev.polyptych.policy.routing;
