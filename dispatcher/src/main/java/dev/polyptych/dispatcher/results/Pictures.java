package dev.polyptych.dispatcher.results;

/** What makes references: uploads, and the panels of done jobs. */
public record Pictures(ReferenceUploads uploads, Rerolls rerolls) {}
