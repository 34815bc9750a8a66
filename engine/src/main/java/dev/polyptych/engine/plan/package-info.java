/**
 * How a model lies in a device's memory: what the planner decides from sizes alone. Needs no
 * PyTorch.
 */
package dev.polyptych.engine.plan;
