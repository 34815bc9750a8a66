/**
 * Reads the attributes of panels of the drawn world and scores them. A small network, trained on
 * painted panels, reads; the scores are plain counts.
 */
package dev.polyptych.nano.score;
