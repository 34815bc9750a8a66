/**
 * Trains nano from nothing: first the autoencoder, then the transformer with its text encoders on
 * the latents of freshly painted sheets. Everything hangs on the seed and the step.
 */
package dev.polyptych.nano.train;
