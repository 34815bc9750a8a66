package dev.polyptych.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polyptych.schema.job.JobState;
import java.security.SignatureException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallbackVerifierTest {
  private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final long SENT = 1_614_265_330;
  private static final byte[] STATUS =
      """
      {"id":"j-1","task":"film-storyboard","state":"done","lane":"batch","seed":1}\
      """
          .getBytes(UTF_8);

  /** The vector of the reference libraries (standard-webhooks, libraries/*, testSign). */
  @Test
  void theSignatureOfTheReferenceLibrariesIsTrusted() {
    byte[] body = "{\"test\": 2432232314}".getBytes(UTF_8);
    String signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    assertDoesNotThrow(() -> verifier(0, SECRET).verify(ID, "" + SENT, signature, body));
    assertThrows(
        SignatureException.class,
        () -> verifier(0, SECRET).verify("msg_other", "" + SENT, signature, body));
  }

  @Test
  void oneSignatureByOneSecretIsEnough() throws Exception {
    CallbackVerifier verifier = verifier(0, "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX", SECRET);

    var status = verifier.verify(ID, "" + SENT, "v1,AAAA v2,x v1,! " + signature(), STATUS);

    assertEquals(JobState.DONE, status.state());
  }

  @ParameterizedTest
  @ValueSource(longs = {-300, 300})
  void fiveMinutesAreNearEnough(long seconds) throws Exception {
    assertEquals("j-1", verifier(seconds, SECRET).verify(ID, "" + SENT, signature(), STATUS).id());
  }

  @ParameterizedTest
  @ValueSource(longs = {-301, 301})
  void anotherTimeIsAReplay(long seconds) {
    assertThrows(
        SignatureException.class,
        () -> verifier(seconds, SECRET).verify(ID, "" + SENT, signature(), STATUS));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "now", "9223372036854775807", "-1", "99999999999999999999"})
  void aTimeThatIsNoneIsRefused(String timestamp) {
    assertThrows(
        SignatureException.class,
        () -> verifier(0, SECRET).verify(ID, timestamp, signature(), STATUS));
  }

  private static CallbackVerifier verifier(long secondsLater, String... secrets) {
    Clock clock = Clock.fixed(Instant.ofEpochSecond(SENT + secondsLater), ZoneOffset.UTC);
    return new CallbackVerifier(List.of(secrets), clock);
  }

  private static String signature() throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(
        new SecretKeySpec(Base64.getDecoder().decode(SECRET.substring("whsec_".length())), "hmac"));
    mac.update((ID + "." + SENT + ".").getBytes(UTF_8));
    return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(STATUS));
  }
}
