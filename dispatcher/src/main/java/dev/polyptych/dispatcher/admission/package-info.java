/** Decides whether a submission is a job that can be rendered. Pure: no I/O, no framework. */
package dev.polyptych.dispatcher.admission;
