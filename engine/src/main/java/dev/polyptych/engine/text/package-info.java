/**
 * From prompt to text states: the two tokenizers and the two encoders of FLUX. CLIP gives one
 * pooled state of the first 77 tokens, T5 a state for each of its (512) tokens, padding included.
 */
package dev.polyptych.engine.text;
