/**
 * Reads panels of the drawn world back into attributes, and scores what was read: by a small
 * network trained on painted panels, and by plain counting.
 */
package dev.polyptych.nano.score;
