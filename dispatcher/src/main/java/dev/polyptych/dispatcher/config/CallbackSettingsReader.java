package dev.polyptych.dispatcher.config;

import dev.polyptych.dispatcher.address.AddressRange;
import dev.polyptych.schema.config.Settings;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/** Gives the settings of callbacks their defaults and checks them. */
final class CallbackSettingsReader {
  private static final String PREFIX = "whsec_";

  /** As the Standard Webhooks want it. */
  private static final int LEAST_BYTES = 24;

  private static final int MOST_BYTES = 64;
  private static final int MOST_SECRETS = 2;

  private CallbackSettingsReader() {}

  static CallbackSettings read(Settings settings) {
    return new CallbackSettings(
        secrets(settings),
        allowed(settings),
        Duration.ofHours(settings.integer("callbackRetryHours", 1, 72, 24)));
  }

  private static List<String> secrets(Settings settings) {
    List<String> secrets = listed(settings.text("callbackSecret", "")).toList();
    if (secrets.size() > MOST_SECRETS || !secrets.stream().allMatch(CallbackSettingsReader::fit)) {
      settings.invalid(
          "callbackSecret",
          "must be whsec_ and %d to %d bytes in base 64, as this makes it: echo whsec_$(openssl rand"
                  .formatted(LEAST_BYTES, MOST_BYTES)
              + " -base64 32); two with a comma between while one replaces the other");
      return List.of();
    }
    return secrets;
  }

  private static boolean fit(String secret) {
    try {
      int bytes = Base64.getDecoder().decode(secret.replaceFirst("^" + PREFIX, "")).length;
      return secret.startsWith(PREFIX) && bytes >= LEAST_BYTES && bytes <= MOST_BYTES;
    } catch (IllegalArgumentException unreadable) {
      return false;
    }
  }

  private static List<AddressRange> allowed(Settings settings) {
    try {
      return listed(settings.text("callbackAllow", "")).map(AddressRange::of).toList();
    } catch (IllegalArgumentException unreadable) {
      settings.invalid(
          "callbackAllow",
          "must be address ranges such as 10.1.0.0/16,fc00::/7; " + unreadable.getMessage());
      return List.of();
    }
  }

  private static Stream<String> listed(String text) {
    return Arrays.stream(text.split(",")).map(String::strip).filter(part -> !part.isEmpty());
  }
}
