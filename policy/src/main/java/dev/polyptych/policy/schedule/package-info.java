/**
 * Which waiting job a worker renders next, which it hands over, and how much work it has. Pure: no
 * I/O, no clock, no threads. The worker and the simulator use the same classes.
 */
package dev.polyptych.policy.schedule;
