/**
 * A job's events for its followers: one subscription for the whole process, and for each reader a
 * state machine that joins the kept stream and the live events without gap or double.
 */
package dev.polyptych.dispatcher.events;
