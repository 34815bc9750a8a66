/**
 * A FLUX model folder in diffusers layout without its weights: the configurations of its five parts
 * and, from them, the name and shape of every tensor ({@link
 * dev.polyptych.weights.model.ModelFolder#open}).
 */
package dev.polyptych.weights.model;
