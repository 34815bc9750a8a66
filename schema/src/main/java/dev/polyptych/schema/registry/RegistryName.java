package dev.polyptych.schema.registry;

import java.util.regex.Pattern;

/**
 * Names of bases, adapters and tasks. They become parts of object keys, topics and labels of
 * metrics. A name has no {@code +} and no {@code @}: those join names and versions.
 */
public final class RegistryName {
  /** The rule of {@link #valid}, for messages. */
  public static final String RULE =
      "must be 1 to 64 lower-case letters, digits, '.', '_' or '-', and begin with a letter or digit";

  private static final Pattern VALID = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  private RegistryName() {}

  public static boolean valid(String text) {
    return text != null && VALID.matcher(text).matches();
  }

  /** Whether a text is a SHA-256 in lower-case hexadecimal. */
  public static boolean isSha256(String text) {
    return text != null && SHA256.matcher(text).matches();
  }

  /**
   * @throws IllegalArgumentException naming the field
   */
  static String checked(String field, String text) {
    if (!valid(text)) {
      throw new IllegalArgumentException(field + ": " + RULE + ", not '" + text + "'");
    }
    return text;
  }

  /**
   * @throws IllegalArgumentException naming the field
   */
  static String checkedSha256(String field, String text) {
    if (!isSha256(text)) {
      throw new IllegalArgumentException(field + ": must be 64 lower-case hexadecimal digits");
    }
    return text;
  }

  /**
   * @throws IllegalArgumentException unless the number is 1 or more
   */
  static int checkedNumber(int number) {
    if (number < 1) {
      throw new IllegalArgumentException("number: must be 1 or more, not " + number);
    }
    return number;
  }

  /**
   * @throws IllegalArgumentException unless the version is 1
   */
  static void checkVersion(int version) {
    if (version != 1) {
      throw new IllegalArgumentException("v: must be 1, not " + version);
    }
  }
}
