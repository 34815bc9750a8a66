/**
 * What follows a render: images to Redis, failures to another try or to the dead topic, then the
 * word that a record's offset may be committed. Runs on virtual threads behind a bounded hand-off,
 * so that the render thread waits for Redis only when the bound is reached.
 */
package dev.polyptych.worker.publish;
