/**
 * Prompt text to token ids, with the published tokenizer files of a model folder. Wraps DJL's
 * binding to Hugging Face's tokenizers; needs no PyTorch.
 */
package dev.polyptych.tokenizers;
