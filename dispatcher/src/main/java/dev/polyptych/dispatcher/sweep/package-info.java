/**
 * Finds jobs that would stand still. Some were accepted but never produced, because their
 * dispatcher died in between. Others passed a deadline and no worker noticed. Of others a store
 * lost the state or the record. The index of open jobs is a hint; the job record is the truth.
 */
package dev.polyptych.dispatcher.sweep;
