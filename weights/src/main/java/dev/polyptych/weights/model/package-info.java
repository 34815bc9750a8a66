/**
 * A FLUX model folder in diffusers layout, read and run without Python: configurations, weights,
 * and the four networks (transformer, two text encoders, autoencoder). Sub-packages: {@code
 * safetensors} reads bytes, {@code graph} runs TorchScript, {@code text} tokenizes, {@code
 * blueprint} writes such a folder's skeleton, {@code tiny} a random miniature of one. Knows no
 * Kafka, Redis or HTTP. All of it belongs to one thread, the render thread.
 */
package dev.polyptych.weights.model;
