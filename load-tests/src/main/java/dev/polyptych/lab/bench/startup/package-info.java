/** How long {@code up} and a worker take until they are ready and until their first step. */
package dev.polyptych.lab.bench.startup;
