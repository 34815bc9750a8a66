/**
 * Adapters by the digest of their content: the folder that holds their files, and the fetches that
 * fill it.
 */
package dev.polyptych.worker.adapter;
