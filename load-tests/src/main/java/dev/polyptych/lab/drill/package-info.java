/**
 * Chaos drills: breaks a cluster of real processes in all the ways that it must bear, times how
 * long it takes to be whole again, and has {@link dev.polyptych.cli.audit.Audit} look for lost and
 * double jobs at the end.
 */
package dev.polyptych.lab.drill;
