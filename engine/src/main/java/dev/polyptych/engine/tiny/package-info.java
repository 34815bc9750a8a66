/**
 * A miniature FLUX folder with seeded random weights, for tests, load tests and machines without a
 * model. Every part has the real structure and runs through the real code, but is small. The model
 * draws coloured noise.
 */
package dev.polyptych.engine.tiny;
