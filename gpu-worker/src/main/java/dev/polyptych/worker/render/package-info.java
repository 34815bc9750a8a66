/**
 * One job from claim to sheet. The render thread owns the engine and everything native in it; what
 * it hands on is plain bytes. {@link dev.polyptych.worker.render.PanelSetEngine} is what it asks of
 * an engine.
 */
package dev.polyptych.worker.render;
