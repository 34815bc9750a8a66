/** The networks: transformer and autoencoder, their weights and what belongs to a step. */
package dev.polyptych.engine.model;
