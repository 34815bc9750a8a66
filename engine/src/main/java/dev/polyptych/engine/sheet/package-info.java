/**
 * The sheet as pixels: composes references and their mask, cuts the sheet into panels, and
 * estimates the memory of a sheet. Pure arithmetic without PyTorch.
 */
package dev.polyptych.engine.sheet;
