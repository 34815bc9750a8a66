package dev.polyptych.dispatcher.console;

/**
 * A file of the console as sent to the browser.
 *
 * @param tag its strong entity tag, quoted
 * @param cacheControl how long a browser may use the file without asking again
 */
public record ConsoleFile(byte[] bytes, String mediaType, String tag, String cacheControl) {}
