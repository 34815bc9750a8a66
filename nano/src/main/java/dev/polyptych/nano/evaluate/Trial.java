package dev.polyptych.nano.evaluate;

import dev.polyptych.engine.denoise.DenoiseRequest;
import dev.polyptych.nano.world.PanelSet;

/**
 * One set to be drawn by every contender, with the same noise.
 *
 * @param set what the prompt was made of; its open attributes are the reference's only
 * @param drawn from text alone
 * @param referenced the same, drawn around the first panel
 */
record Trial(PanelSet set, DenoiseRequest drawn, DenoiseRequest referenced) {}
