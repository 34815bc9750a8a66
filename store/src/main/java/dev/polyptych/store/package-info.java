/**
 * The job store on Redis: the truth about every job. Each state change is one Lua script, so it is
 * atomic, and every change by a worker is fenced by the number of its attempt. Blocks: call from
 * virtual threads, never from an event loop.
 */
package dev.polyptych.store;
