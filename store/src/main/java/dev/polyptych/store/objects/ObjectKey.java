package dev.polyptych.store.objects;

import java.util.regex.Pattern;

/** The form of keys. No key can leave the store's folder. */
final class ObjectKey {
  private static final Pattern FORM =
      Pattern.compile("(?!.*//)(?!(.*/)?\\.)[A-Za-z0-9._=-]+(/[A-Za-z0-9._=-]+)*");
  private static final int LONGEST = 512;

  private ObjectKey() {}

  static String checked(String key) {
    if (key.length() > LONGEST || !FORM.matcher(key).matches()) {
      throw new IllegalArgumentException("'" + key + "' is no key of an object");
    }
    return key;
  }
}
