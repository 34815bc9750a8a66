package dev.polyptych.lab.bench.startup;

import java.util.Map;

/**
 * One start of a process.
 *
 * @param readySeconds from before it was started until it said that it was ready
 * @param processorSeconds that it had used by then
 * @param firstStepSeconds from before it was started until it had drawn a step
 * @param parts seconds that each part took, by its own account
 */
record Start(
    double readySeconds,
    double processorSeconds,
    double firstStepSeconds,
    Map<String, Double> parts) {}
