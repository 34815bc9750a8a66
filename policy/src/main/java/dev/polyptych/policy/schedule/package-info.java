/**
 * Which waiting job is rendered next. Pure: no I/O, no clock, no threads, so that the worker and
 * the simulator use the same classes.
 */
package dev.polyptych.policy.schedule;
