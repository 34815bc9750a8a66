package dev.polyptych.dispatcher.results;

import java.time.Instant;

/**
 * An uploaded picture, as reported to its caller.
 *
 * @param width pixels, after rotation to upright
 * @param height pixels, after rotation to upright
 */
public record KeptReference(String key, int width, int height, Instant expires) {}
