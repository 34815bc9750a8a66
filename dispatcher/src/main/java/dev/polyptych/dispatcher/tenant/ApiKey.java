package dev.polyptych.dispatcher.tenant;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * API keys: {@code pp_} and 32 random bytes in base64url. Services store only a key's SHA-256. Slow
 * password hashes protect secrets that can be guessed; 256 random bits can't be guessed. The lookup
 * by digest also leaks nothing through its timing, because a caller can't choose how many bytes of
 * a digest match.
 */
public final class ApiKey {
  private static final int RANDOM_BYTES = 32;
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  private ApiKey() {}

  /** A new key. */
  public static String make(SecureRandom random) {
    byte[] bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    return "pp_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** The form of a key in a tenants file: its SHA-256 in hexadecimal. */
  public static String digest(String key) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }

  static boolean isDigest(String text) {
    return DIGEST.matcher(text).matches();
  }
}
