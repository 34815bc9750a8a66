/**
 * A small drawn world from which a tiny text-to-image model learns: subjects in places, with
 * captions that state some attributes and leave others open. The package is pure: it turns a seed
 * into pixels, without cluster or tensors.
 */
package dev.polyptych.nano.world;
