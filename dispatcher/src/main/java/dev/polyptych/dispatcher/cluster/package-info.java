/**
 * The cluster as it was a moment ago: its workers and its lanes' positions. One thread looks
 * periodically. All other threads read its latest view, so no request waits for a look.
 */
package dev.polyptych.dispatcher.cluster;
