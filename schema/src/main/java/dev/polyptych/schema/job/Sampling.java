package dev.polyptych.schema.job;

/**
 * How a sheet is denoised.
 *
 * @param steps Euler steps, 1 to 100
 * @param guidance distilled guidance scale, 0 to 30
 * @param adapterScale factor on the first adapter, -4 to 4
 * @param seed 0 to 2⁵³ − 1
 */
public record Sampling(int steps, double guidance, double adapterScale, long seed) {}
