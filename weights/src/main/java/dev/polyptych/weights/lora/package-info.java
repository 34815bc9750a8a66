/**
 * LoRA files: reading, strict checking against the model's linear layers, and ways of drawing with
 * them. An adapter never writes to base weights, so taking it out again is forgetting a reference.
 * One {@link dev.polyptych.worker.adapter.AdapterLayout} a spelling of keys on disk, one {@link
 * dev.polyptych.worker.adapter.Adapter} a way of applying.
 */
package dev.polyptych.weights.lora;
