/**
 * One job from choice to sheet, on the render thread: {@link dev.polyptych.worker.render.JobChoice}
 * takes it, {@link dev.polyptych.worker.render.Claims} claims it, {@link
 * dev.polyptych.worker.render.Attempts} renders it, {@link
 * dev.polyptych.worker.render.AttemptResults} measures it and passes the outcome on as plain bytes.
 * The render thread owns the engine and its native memory. {@link
 * dev.polyptych.worker.render.PanelSetEngine} is the port to an engine.
 */
package dev.polyptych.worker.render;
