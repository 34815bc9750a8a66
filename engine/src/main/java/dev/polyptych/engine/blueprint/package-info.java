/**
 * Writes everything in a model folder except the weights: the configurations, from the same records
 * that read them, and two tokenizers with a given vocabulary. Needed for self-made models only;
 * downloaded folders are complete.
 */
package dev.polyptych.engine.blueprint;
