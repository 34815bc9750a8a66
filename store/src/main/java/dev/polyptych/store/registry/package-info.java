/**
 * Bases, adapters and tasks. The truth lies in the object store: bytes by digest and immutable
 * manifests. Redis is an index of the manifests, which is made anew from them. All methods block.
 */
package dev.polyptych.store.registry;
