/**
 * Simulates event by event how jobs reach workers. The real routing, schedule and handover run on a
 * simulated fleet; the rules of other systems run on the same load for comparison. The same seed
 * gives the same figures.
 */
package dev.polyptych.lab.simulator;
