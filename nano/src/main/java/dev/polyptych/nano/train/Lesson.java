package dev.polyptych.nano.train;

/**
 * One sheet as the transformer learns it.
 *
 * @param latents packed, (tokens, channels), flattened
 * @param agreeing whether open attributes may agree between its panels
 * @param t5 token ids of the prompt
 * @param clip token ids of the prompt
 */
record Lesson(float[] latents, boolean agreeing, long[] t5, long[] clip) {}
