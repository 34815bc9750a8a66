/** What a job is likely to cost. Pure: no I/O, no framework. */
package dev.polyptych.dispatcher.estimate;
