/**
 * {@code polyptych bench engine}: seconds of a job and of its parts on random weights, alone or in
 * turns with another engine that draws the same job from the same folder.
 */
package dev.polyptych.lab.bench.engine;
