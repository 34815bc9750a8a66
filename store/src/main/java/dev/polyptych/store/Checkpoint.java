package dev.polyptych.store;

/**
 * The progress of an attempt. The next attempt resumes from it.
 *
 * @param step number of completed steps
 * @param state opaque bytes of the engine; not copied, so do not modify the array
 */
public record Checkpoint(int step, byte[] state) {}
