/**
 * A miniature FLUX folder of seeded random weights, for tests, load tests and machines without a
 * model: every part has the real structure and goes through the real code, only small. It draws
 * coloured noise, not pictures.
 */
package dev.polyptych.engine.tiny;
