/**
 * From a request to a picture: noise from the seed, the schedule of sigmas, Euler steps, decoding.
 * {@link dev.polyptych.engine.denoise.FluxPipeline} is the entry point. Everything that it returns
 * belongs to the one thread that opened it, the render thread.
 */
package dev.polyptych.engine.denoise;
