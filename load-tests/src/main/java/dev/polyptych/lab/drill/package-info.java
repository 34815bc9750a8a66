/**
 * Chaos drills. They cause faults in a cluster of real processes and measure the recovery times. At
 * the end {@link dev.polyptych.cli.audit.Audit} looks for jobs that were lost or done twice.
 */
package dev.polyptych.lab.drill;
