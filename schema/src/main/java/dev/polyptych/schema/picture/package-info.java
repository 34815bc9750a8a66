/** Formats and headers of uploaded pictures. They are checked before a picture is decoded. */
package dev.polyptych.schema.picture;
