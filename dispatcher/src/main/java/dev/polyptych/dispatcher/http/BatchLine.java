package dev.polyptych.dispatcher.http;

/**
 * One line of a batch.
 *
 * @param number 1-based; blank lines count
 * @param bytes without the line's end; empty where it was too long
 */
record BatchLine(int number, byte[] bytes, boolean tooLong) {}
