/**
 * Decides where jobs go. The shared router gets the latest view of the cluster and the catalog's
 * routing settings. Pure: no I/O, no framework.
 */
package dev.polyptych.dispatcher.placement;
