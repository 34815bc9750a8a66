/** Transformer and autoencoder on the device, their weight files, and the parts of a step. */
package dev.polyptych.engine.model;
