/** Prompt text to token ids, by the published tokenizer files. */
package dev.polyptych.tokenizers;
