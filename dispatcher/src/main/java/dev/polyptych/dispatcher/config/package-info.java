/** The settings of a dispatcher. All of them are checked before anything starts. */
package dev.polyptych.dispatcher.config;
