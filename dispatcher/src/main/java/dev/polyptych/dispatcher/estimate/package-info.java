/**
 * Estimates what a job costs and when it begins, and explains why it waits. Pure: no I/O, no
 * framework.
 */
package dev.polyptych.dispatcher.estimate;
