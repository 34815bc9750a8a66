/** What a dispatcher can be told. All of it is checked before anything starts. */
package dev.polyptych.dispatcher.config;
