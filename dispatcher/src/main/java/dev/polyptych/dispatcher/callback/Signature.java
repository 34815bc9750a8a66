package dev.polyptych.dispatcher.callback;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs messages as the Standard Webhooks specify: HMAC-SHA256 of id, time and body. It makes one
 * signature for each secret, so receivers may know either one while a secret is replaced.
 */
final class Signature {
  private static final String ALGORITHM = "HmacSHA256";

  private final List<SecretKeySpec> keys;

  /**
   * @param secrets each {@code whsec_} and base 64
   */
  Signature(List<String> secrets) {
    this.keys =
        secrets.stream()
            .map(secret -> Base64.getDecoder().decode(secret.substring(secret.indexOf('_') + 1)))
            .map(bytes -> new SecretKeySpec(bytes, ALGORITHM))
            .toList();
  }

  /** The value of {@code webhook-signature}. */
  String of(String id, long timestampSeconds, byte[] body) {
    byte[] head = (id + "." + timestampSeconds + ".").getBytes(US_ASCII);
    return keys.stream()
        .map(key -> "v1," + Base64.getEncoder().encodeToString(mac(key, head, body)))
        .collect(Collectors.joining(" "));
  }

  private static byte[] mac(SecretKeySpec key, byte[] head, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update(head);
      return mac.doFinal(body);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, impossible);
    }
  }
}
