/**
 * Prompt to text states, with FLUX's two tokenizers and two encoders. CLIP gives one pooled state
 * of the first 77 tokens. T5 gives a state for each of its 512 tokens, including padding.
 */
package dev.polyptych.engine.text;
