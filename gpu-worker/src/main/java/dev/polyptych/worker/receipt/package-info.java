/** What jobs were drawn with, written down so that they can be drawn again. */
package dev.polyptych.worker.receipt;
