/** The images of done jobs. */
package dev.polyptych.dispatcher.results;
