/**
 * Adapters' files: reads every common layout and checks it strictly against the layers of a model
 * ({@link dev.polyptych.weights.lora.AdapterReader}). New layouts are added to {@link
 * dev.polyptych.weights.lora.KeyPart}, {@link dev.polyptych.weights.lora.LayerNames} and {@link
 * dev.polyptych.weights.lora.Delta}. Only safetensors is read, never pickle.
 */
package dev.polyptych.weights.lora;
