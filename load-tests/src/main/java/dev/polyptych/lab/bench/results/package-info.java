/** What the images of finished sets cost the stores. */
package dev.polyptych.lab.bench.results;
