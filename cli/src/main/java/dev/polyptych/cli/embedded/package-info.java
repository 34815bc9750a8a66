/** The whole cluster in one JVM: broker, Redis, one dispatcher, one worker. */
package dev.polyptych.cli.embedded;
