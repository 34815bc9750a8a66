/**
 * LoRA files: reads every common layout and checks it strictly against the linear layers of a model
 * ({@link dev.polyptych.weights.lora.AdapterReader}). New layouts are added to {@link
 * dev.polyptych.weights.lora.AdapterLayout}. Only safetensors is read, never pickle.
 */
package dev.polyptych.weights.lora;
