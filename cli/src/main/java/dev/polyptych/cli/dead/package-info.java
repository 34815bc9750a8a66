/** The topic of dead letters, as an operator reads, replays and purges it. */
package dev.polyptych.cli.dead;
