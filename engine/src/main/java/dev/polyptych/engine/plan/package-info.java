/**
 * What a model needs, worked out from its configurations alone: no weights are read and nothing is
 * allocated. Pure arithmetic.
 */
package dev.polyptych.engine.plan;
