/**
 * The nano model's folder before it is trained: sizes, configurations and the vocabularies of its
 * tokenizers. What it learns to draw stands in {@code world}.
 */
package dev.polyptych.nano.blueprint;
