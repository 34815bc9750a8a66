/**
 * From a request to a picture: noise from the seed, the schedule of sigmas, Euler steps, decoding.
 * {@link dev.polyptych.worker.denoise.FluxPipeline} is the engine's front door; everything that it
 * gives out belongs to the one thread that opened it, the render thread. Knows no Kafka, Redis or
 * HTTP.
 */
package dev.polyptych.engine.denoise;
