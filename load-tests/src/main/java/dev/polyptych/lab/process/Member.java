package dev.polyptych.lab.process;

/**
 * A dispatcher or worker.
 *
 * @param id of the worker in the cluster; the dispatcher's is its name only
 */
public record Member(String id, int managementPort, Child child) {}
