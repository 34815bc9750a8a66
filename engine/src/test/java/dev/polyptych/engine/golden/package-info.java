/**
 * The numbers: everything that Hugging Face's libraries computed for the folders under {@code
 * resources/goldens} (made by {@code src/test/goldens/make_goldens.py}) is computed again here and
 * compared.
 */
package dev.polyptych.engine.golden;
