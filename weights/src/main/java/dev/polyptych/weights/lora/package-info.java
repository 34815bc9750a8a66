/**
 * LoRA files: reads every common layout and checks it strictly against the linear layers of a model
 * ({@link dev.polyptych.weights.lora.AdapterReader}). Layouts are told apart by {@link
 * dev.polyptych.weights.lora.AdapterLayout}; new layouts are added there. Only safetensors is read,
 * never pickle.
 */
package dev.polyptych.weights.lora;
