/** A client of the dispatcher's HTTP interface. */
package dev.polyptych.client;
