/** Checks in the background whether broker and store answer. A request never waits for a check. */
package dev.polyptych.dispatcher.health;
