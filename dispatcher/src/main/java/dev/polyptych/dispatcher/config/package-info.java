/** What a dispatcher can be told, checked as a whole before anything starts. */
package dev.polyptych.dispatcher.config;
