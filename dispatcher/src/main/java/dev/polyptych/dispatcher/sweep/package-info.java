/**
 * Finds jobs that fell between two chairs: accepted and never produced, since their dispatcher died
 * in between, or past a deadline with no worker there to notice. The index of open jobs is a hint,
 * the record the truth.
 */
package dev.polyptych.dispatcher.sweep;
