package dev.polyptych.dispatcher.results;

import java.time.Instant;

/**
 * An uploaded picture, as its caller hears of it.
 *
 * @param width pixels, turned upright
 * @param height pixels, turned upright
 */
public record KeptReference(String key, int width, int height, Instant expires) {}
