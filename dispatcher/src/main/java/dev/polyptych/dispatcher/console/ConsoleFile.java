package dev.polyptych.dispatcher.console;

/**
 * A file of the console as it is sent.
 *
 * @param tag its strong entity tag, quoted
 * @param cacheControl how long a browser may go on with it unasked
 */
public record ConsoleFile(byte[] bytes, String mediaType, String tag, String cacheControl) {}
