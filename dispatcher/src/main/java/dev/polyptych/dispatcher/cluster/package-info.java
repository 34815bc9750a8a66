/**
 * The cluster as it was a moment ago: its workers and how far its lanes are. One thread looks, on a
 * period; everybody else reads what it saw, so no request pays for it.
 */
package dev.polyptych.dispatcher.cluster;
