/**
 * What follows a render: images go to Redis, failed jobs to another try or to the dead topic. Then
 * the record's offset may be committed. Runs on virtual threads behind a bounded executor, so the
 * render thread waits for Redis only when the bound is reached.
 */
package dev.polyptych.worker.publish;
