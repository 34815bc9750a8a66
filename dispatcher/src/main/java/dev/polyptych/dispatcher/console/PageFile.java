package dev.polyptych.dispatcher.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file as sent to the browser.
 *
 * @param tag its strong entity tag, quoted
 * @param cacheControl how long a browser may use the file without asking again
 */
public record PageFile(byte[] bytes, String mediaType, String tag, String cacheControl) {
  /** Browsers ask each time and get the file only if it has changed. */
  static final String ASK_AGAIN = "no-cache";

  static PageFile of(String name, byte[] bytes, String cacheControl) {
    String digest = HexFormat.of().formatHex(sha256().digest(bytes));
    return new PageFile(bytes, mediaType(name), '"' + digest + '"', cacheControl);
  }

  /** A resource beside this class. */
  static byte[] resource(String name) {
    try (InputStream bytes = PageFile.class.getResourceAsStream(name)) {
      if (bytes == null) {
        throw new IllegalStateException("the page's " + name + " is not packed");
      }
      return bytes.readAllBytes();
    } catch (IOException broken) {
      throw new UncheckedIOException(name, broken);
    }
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }

  private static String mediaType(String name) {
    String ending = name.substring(name.lastIndexOf('.') + 1);
    return switch (ending) {
      case "html" -> "text/html; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "js" -> "text/javascript; charset=utf-8";
      case "json" -> "application/json";
      case "yaml" -> "application/yaml";
      case "svg" -> "image/svg+xml";
      default -> throw new IllegalStateException("no media type for " + name);
    };
  }
}
