/**
 * Finds lost jobs of two kinds. Some were accepted but never produced, because their dispatcher
 * died in between. Others passed a deadline and no worker noticed. The index of open jobs is a
 * hint; the job record is the truth.
 */
package dev.polyptych.dispatcher.sweep;
