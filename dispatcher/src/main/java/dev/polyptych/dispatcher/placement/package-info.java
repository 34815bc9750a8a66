/**
 * Where jobs go: the shared router, fed with the cluster as it was seen last and the catalog's
 * wishes. Pure: no I/O, no framework.
 */
package dev.polyptych.dispatcher.placement;
