/**
 * Bytes by key: a folder that all processes share, or a bucket of an S3 store. Both block: call
 * them from virtual threads, never from an event loop.
 */
package dev.polyptych.store.objects;
