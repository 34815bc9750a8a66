/**
 * What a job is likely to cost and when it begins, and why it waits. Pure: no I/O, no framework.
 */
package dev.polyptych.dispatcher.estimate;
