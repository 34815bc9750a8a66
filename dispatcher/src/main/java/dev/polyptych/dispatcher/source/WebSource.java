package dev.polyptych.dispatcher.source;

import dev.polyptych.dispatcher.address.AddressGuard;
import dev.polyptych.dispatcher.address.AddressRange;
import dev.polyptych.dispatcher.address.Target;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Fetches over HTTP, through redirects. Each hop is checked as the first address is, and TLS is
 * never given up. Credentials stay with the server that they are for.
 */
final class WebSource {
  private static final int MOST_HOPS = 5;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int TOO_MANY = 429;

  private static final AddressGuard PUBLIC = new AddressGuard(List.of());
  private static final AddressGuard ANY =
      new AddressGuard(List.of(AddressRange.of("0.0.0.0/0"), AddressRange.of("::/0")));

  private final SourceRules rules;
  private final SourceClient client;
  private final Target.Names names;

  WebSource(SourceRules rules, SourceClient client, Target.Names names) {
    this.rules = rules;
    this.client = client;
    this.names = names;
  }

  /**
   * Blocks until the file is there.
   *
   * @param token for the first address's server only
   */
  void fetch(URI first, Optional<String> token, ArrivingFile file)
      throws SourceException, InterruptedException {
    URI url = first;
    for (int hop = 0; hop <= MOST_HOPS; hop++) {
      Target target = target(url, hop);
      Map<String, String> headers = new HashMap<>();
      headers.put("accept-encoding", "identity");
      headers.put("user-agent", "polyptych");
      if (SourceRules.sameOrigin(url, first)) {
        token.ifPresent(secret -> headers.put("authorization", "Bearer " + secret));
      }
      switch (client.get(target, headers, file)) {
        case SourceClient.Answer.Body() -> {
          return;
        }
        case SourceClient.Answer.Other(int status, Optional<String> location) ->
            url = next(url, status, location);
      }
    }
    throw SourceException.refused(
        "redirects more than %d times; give the address that it ends at".formatted(MOST_HOPS));
  }

  private static URI next(URI url, int status, Optional<String> location) throws SourceException {
    boolean redirect =
        switch (status) {
          case 301, 302, 303, 307, 308 -> true;
          default -> false;
        };
    if (!redirect || location.isEmpty()) {
      throw answered(status);
    }
    URI next;
    try {
      next = url.resolve(location.get());
    } catch (IllegalArgumentException unreadable) {
      throw SourceException.refused("redirects to no valid address; give the file's own address");
    }
    if (secure(url) && !secure(next)) {
      throw SourceException.refused(
          "redirects from https to another protocol; give an address that stays with https");
    }
    return next;
  }

  private Target target(URI url, int hop) throws SourceException {
    String which = hop == 0 ? "" : "redirects to an address that can't be used: it ";
    if (url.getHost() == null || url.getScheme() == null) {
      throw SourceException.refused(which + "is no address of a host; write https://host/path");
    }
    if (url.getRawUserInfo() != null) {
      throw SourceException.refused(
          which + "holds a name or password; remove it and have the operator give access");
    }
    boolean internal = rules.internal(url);
    boolean plain = url.getScheme().toLowerCase(Locale.ROOT).equals("http");
    if (!secure(url) && !(plain && internal)) {
      throw SourceException.refused(
          which + "is not https; use https, or have the operator list the host as internal");
    }
    return switch (Target.find(url, hop + 1, names, internal ? ANY : PUBLIC)) {
      case Target.Found.At(Target target) -> target;
      case Target.Found.Forbidden(String why) ->
          throw SourceException.refused(
              which
                  + "can't be fetched: "
                  + why
                  + "; give a public host, or have the operator list the host as internal");
      case Target.Found.Unknown(String why) ->
          throw SourceException.passing(which + "can't be fetched: " + why + "; look at its name");
    };
  }

  private static boolean secure(URI url) {
    return "https".equalsIgnoreCase(url.getScheme());
  }

  private static SourceException answered(int status) {
    String answer = "is answered with " + status;
    if (status == TOO_MANY || status >= 500) {
      return SourceException.passing(answer + "; try again later");
    }
    return SourceException.refused(
        answer
            + switch (status) {
              case UNAUTHORIZED, FORBIDDEN ->
                  "; make the file public, or for the Hub have the operator set a token that may"
                      + " read it (a gated model's licence must be accepted first)";
              case NOT_FOUND -> "; look at the path and the revision";
              default -> "; give an address that answers 200 with the file";
            });
  }
}
