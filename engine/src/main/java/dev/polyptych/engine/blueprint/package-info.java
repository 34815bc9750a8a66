/**
 * Writes what a model folder holds besides weights: the configurations, from the records that read
 * them, and two tokenizers of a given vocabulary. For models of our own making; a downloaded folder
 * brings its files along.
 */
package dev.polyptych.engine.blueprint;
