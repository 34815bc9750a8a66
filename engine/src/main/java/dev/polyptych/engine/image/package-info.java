/** Picture files: reads untrusted ones carefully, writes small previews. */
package dev.polyptych.engine.image;
