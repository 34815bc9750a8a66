package dev.polyptych.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.schema.json.Json;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SignatureException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Verifies callbacks as Standard Webhooks describes: an HMAC-SHA256 of id, time and body, and a
 * time that is near. Safe for all threads.
 */
public final class CallbackVerifier {
  private static final String ALGORITHM = "HmacSHA256";
  private static final String VERSION = "v1,";

  /** As the reference libraries have it. An older message may be a replay. */
  private static final Duration TOLERANCE = Duration.ofMinutes(5);

  private final List<SecretKeySpec> keys;
  private final Clock clock;

  /**
   * @param secrets {@code whsec_} and base 64; a callback needs a signature by one of them
   */
  public CallbackVerifier(List<String> secrets, Clock clock) {
    this.keys =
        secrets.stream()
            .map(secret -> Base64.getDecoder().decode(secret.substring(secret.indexOf('_') + 1)))
            .map(bytes -> new SecretKeySpec(bytes, ALGORITHM))
            .toList();
    this.clock = clock;
  }

  /**
   * The job's final status. A receiver may get it more than once; {@code id} is the same each time.
   *
   * @param id the header {@code webhook-id}
   * @param timestamp the header {@code webhook-timestamp}
   * @param signatures the header {@code webhook-signature}
   * @throws SignatureException when the callback is not to be trusted
   * @throws IOException when the signed body is no status
   */
  public JobStatus verify(String id, String timestamp, String signatures, byte[] body)
      throws SignatureException, IOException {
    if (!near(timestamp)) {
      throw new SignatureException("the callback's time is not within " + TOLERANCE + " of now");
    }
    byte[] head = (id + "." + timestamp + ".").getBytes(US_ASCII);
    List<byte[]> given =
        Arrays.stream(signatures.split(" "))
            .filter(signature -> signature.startsWith(VERSION))
            .flatMap(signature -> decoded(signature.substring(VERSION.length())))
            .toList();
    boolean signed =
        keys.stream()
            .map(key -> mac(key, head, body))
            .anyMatch(
                expected -> given.stream().anyMatch(mac -> MessageDigest.isEqual(mac, expected)));
    if (!signed) {
      throw new SignatureException("no signature of the callback fits a secret");
    }
    return Json.mapper().readValue(body, JobStatus.class);
  }

  private boolean near(String timestamp) {
    try {
      Instant sent = Instant.ofEpochSecond(Long.parseLong(timestamp));
      return Duration.between(sent, clock.instant()).abs().compareTo(TOLERANCE) <= 0;
    } catch (NumberFormatException | DateTimeException | ArithmeticException noTime) {
      return false;
    }
  }

  private static Stream<byte[]> decoded(String base64) {
    try {
      return Stream.of(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException garbled) {
      return Stream.empty();
    }
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
