/**
 * Waiting jobs of a loaded worker go to the partitions of idle ones. What goes where is the
 * schedule's; here it is carried out, so that no job is lost and none is drawn twice for it.
 */
package dev.polyptych.worker.handover;
