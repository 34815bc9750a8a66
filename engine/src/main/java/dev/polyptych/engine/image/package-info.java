/** Pictures in files: foreign ones are read with care, previews are written small. */
package dev.polyptych.engine.image;
