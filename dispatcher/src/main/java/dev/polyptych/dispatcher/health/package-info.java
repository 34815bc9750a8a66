/** Whether broker and store answer, asked in the background and never for a request. */
package dev.polyptych.dispatcher.health;
