/** A job from request to result: what is asked, what was resolved, states, events, status. */
package dev.polyptych.schema.job;
