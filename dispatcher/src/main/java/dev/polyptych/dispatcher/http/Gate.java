package dev.polyptych.dispatcher.http;

import dev.polyptych.dispatcher.tenant.Tenant;
import dev.polyptych.dispatcher.tenant.Tenants;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.Problem;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Admits callers with a valid API key and stores the key's tenant in the request. */
public final class Gate {
  /** The token follows RFC 6750. The scheme may be in any case (RFC 9110). */
  private static final Pattern BEARER = Pattern.compile("(?i:bearer) +([A-Za-z0-9._~+/=-]+)");

  private static final String TENANT = "tenant";
  private static final String CHALLENGE = "Bearer realm=\"polyptych\"";

  private final Tenants tenants;

  public Gate(Tenants tenants) {
    this.tenants = tenants;
  }

  /** The admitted tenant. Every operation has one. */
  static Tenant tenant(RoutingContext routing) {
    return routing.get(TENANT);
  }

  /** Whether the caller may proceed. If not, answers the request without reading its body. */
  boolean lets(RoutingContext routing) {
    List<String> headers = routing.request().headers().getAll(HttpHeaders.AUTHORIZATION);
    Optional<String> key = headers.size() == 1 ? key(headers.getFirst()) : Optional.empty();
    Optional<Tenant> caller = tenants.caller(key);
    if (caller.isPresent()) {
      routing.put(TENANT, caller.get());
      return true;
    }
    refuse(routing, headers.isEmpty());
    return false;
  }

  private static Optional<String> key(String header) {
    Matcher bearer = BEARER.matcher(header.strip());
    return bearer.matches() ? Optional.of(bearer.group(1)) : Optional.empty();
  }

  private static void refuse(RoutingContext routing, boolean without) {
    routing
        .response()
        .putHeader(
            "WWW-Authenticate", without ? CHALLENGE : CHALLENGE + ", error=\"invalid_token\"");
    String remedy =
        without
            ? "send an API key: Authorization: Bearer pp_…"
            : "the API key is not known here; polyptych key create makes one, and the dispatchers"
                + " know it once it is in their tenants file";
    JobBody.refuseUnread(routing, Problem.of(ErrorCode.UNAUTHENTICATED, remedy));
  }
}
