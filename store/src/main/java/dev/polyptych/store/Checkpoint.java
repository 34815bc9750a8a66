package dev.polyptych.store;

/**
 * How far an attempt has come, for the next one to go on from.
 *
 * @param step completed ones
 * @param state the engine's own; not copied, so never written once it is here
 */
public record Checkpoint(int step, byte[] state) {}
