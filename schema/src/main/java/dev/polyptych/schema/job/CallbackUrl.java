package dev.polyptych.schema.job;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Checks the text of a callback address. Does not resolve the host. */
public final class CallbackUrl {
  public static final int LONGEST = 2048;

  private static final int LAST_PORT = 65_535;
  private static final String EXAMPLE = "https://example.com/polyptych";

  private CallbackUrl() {}

  /** The problem and its remedy; empty for a valid address. */
  public static Optional<String> problem(String url) {
    if (url.length() > LONGEST) {
      return Optional.of("has " + url.length() + " characters, at most " + LONGEST + " fit");
    }
    if (!StandardCharsets.US_ASCII.newEncoder().canEncode(url)) {
      return Optional.of("must be ASCII; percent-encode its path, write its host in punycode");
    }
    try {
      return problem(new URI(url));
    } catch (URISyntaxException malformed) {
      return Optional.of("is no URL (" + malformed.getReason() + "); give one like " + EXAMPLE);
    }
  }

  private static Optional<String> problem(URI url) {
    String scheme = String.valueOf(url.getScheme());
    if (!scheme.equalsIgnoreCase("https") && !scheme.equalsIgnoreCase("http")) {
      return Optional.of("must begin with https:// or http://");
    }
    if (url.getRawUserInfo() != null) {
      return Optional.of("must not hold a user or a password; callbacks are signed instead");
    }
    if (url.getHost() == null || url.getPort() == 0 || url.getPort() > LAST_PORT) {
      return Optional.of("must name a host, and a port from 1 to 65535 or none: " + EXAMPLE);
    }
    if (url.getRawFragment() != null) {
      return Optional.of("must not have a fragment; leave out what follows the #");
    }
    return Optional.empty();
  }
}
