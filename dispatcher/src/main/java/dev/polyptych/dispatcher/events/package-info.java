/**
 * A job's events for its followers. The process has one subscription. Each reader has a state
 * machine that joins the stored stream and the live events without gaps or duplicates.
 */
package dev.polyptych.dispatcher.events;
