/** Processes of a cluster that a drill or a bench starts on this machine, and waiting for them. */
package dev.polyptych.lab.process;
