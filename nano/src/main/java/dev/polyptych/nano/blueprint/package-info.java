/**
 * The nano model's folder before training: sizes, configurations and the vocabularies of its
 * tokenizers. The pictures that it learns are in {@code world}.
 */
package dev.polyptych.nano.blueprint;
