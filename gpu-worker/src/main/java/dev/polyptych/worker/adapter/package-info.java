/** Adapters on this worker's disk, by the digest of their content. */
package dev.polyptych.worker.adapter;
