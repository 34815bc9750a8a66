/** Pictures that callers bring, as far as their first bytes tell: checked before any is decoded. */
package dev.polyptych.schema.picture;
