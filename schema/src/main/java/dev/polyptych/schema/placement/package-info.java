/** What is told of where jobs go: the shapes of the HTTP interface. */
package dev.polyptych.schema.placement;
