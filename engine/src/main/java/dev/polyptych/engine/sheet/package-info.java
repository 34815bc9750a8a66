/**
 * The sheet as pixels: how references and their mask become one, and how it becomes panels. Pure
 * arithmetic on bytes.
 */
package dev.polyptych.engine.sheet;
