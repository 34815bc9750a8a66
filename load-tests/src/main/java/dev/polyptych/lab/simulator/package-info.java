/**
 * How well jobs find their workers, simulated event by event: the real routing, schedule and
 * handover on a played fleet, beside what peers do. The same seed gives the same figures.
 */
package dev.polyptych.lab.simulator;
