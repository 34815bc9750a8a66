package dev.polyptych.dispatcher.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polyptych.dispatcher.enqueue.Submission;
import dev.polyptych.dispatcher.tenant.Tenant;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.error.Problem;
import dev.polyptych.store.IdempotencyKey;
import io.vertx.ext.web.RoutingContext;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Who calls. */
final class Callers {
  private static final String TENANT = "tenant";

  private Callers() {}

  static void enter(RoutingContext routing, Tenant tenant) {
    routing.put(TENANT, tenant);
  }

  /** Who was let in; every operation has a caller. */
  static Tenant tenant(RoutingContext routing) {
    return routing.get(TENANT);
  }

  /** Id of the caller's tenant. */
  static String tenantId(RoutingContext routing) {
    return tenant(routing).id();
  }

  static IdempotencyKey key(Tenant tenant, String key, byte[] body) {
    return new IdempotencyKey(tenant.id(), key, digest(body));
  }

  /** The problem document of a refusal; one for its key names the header. */
  static Problem problem(Submission.Refused refused) {
    return refused.code() == ErrorCode.IDEMPOTENCY_KEY_REUSED
        ? Problem.of(List.of(new FieldProblem(refused.code(), "Idempotency-Key", refused.detail())))
        : Problem.of(refused.code(), refused.detail());
  }

  /** SHA-256 in hexadecimal. */
  static String digest(String text) {
    return digest(text.getBytes(UTF_8));
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
