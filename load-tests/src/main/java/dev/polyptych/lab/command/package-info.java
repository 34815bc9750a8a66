/** The commands that the laboratory adds to {@code polyptych}. */
package dev.polyptych.lab.command;
