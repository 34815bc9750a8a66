/**
 * A small drawn world, from which a tiny text-to-image model learns: subjects in places, with
 * captions that state some attributes and leave others open. Pure: from a seed to pixels, no
 * cluster and no tensors.
 */
package dev.polyptych.nano.world;
