/** SHA-256 of weight files and of whole model folders: what content is known by. */
package dev.polyptych.weights.digest;
