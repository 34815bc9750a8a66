/** The two ways JSON is read: leniently between our own versions, strictly from people. */
package dev.polyptych.schema.json;
