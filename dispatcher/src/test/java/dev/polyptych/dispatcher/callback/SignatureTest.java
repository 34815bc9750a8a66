package dev.polyptych.dispatcher.callback;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class SignatureTest {
  private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(UTF_8);
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

  /** The vector of the reference libraries (standard-webhooks, libraries/*, testSign). */
  @Test
  void signsAsTheStandardWebhooksDo() {
    assertEquals(SIGNATURE, new Signature(List.of(SECRET)).of(ID, 1_614_265_330, BODY));
  }

  @Test
  void twoSecretsSignSideBySide() {
    String other = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";

    String both = new Signature(List.of(other, SECRET)).of(ID, 1_614_265_330, BODY);

    assertEquals(2, both.split(" ").length);
    assertEquals(SIGNATURE, both.split(" ")[1]);
  }
}
