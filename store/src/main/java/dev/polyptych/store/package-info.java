/**
 * The job store on Redis. It is the source of truth for every job. Each state change is one Lua
 * script, so it is atomic. The attempt number fences every change by a worker. Calls block: make
 * them from virtual threads, never from an event loop.
 */
package dev.polyptych.store;
