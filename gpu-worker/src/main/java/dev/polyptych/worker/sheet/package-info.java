/** The sheet as pixels, and how it becomes panels. Pure arithmetic on bytes. */
package dev.polyptych.worker.sheet;
