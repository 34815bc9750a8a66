package dev.polyptych.dispatcher.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.validation.ResponseValidator;
import io.vertx.openapi.validation.ValidatableResponse;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Holds real answers against {@code openapi.yaml}: status, headers, media type and body. */
public final class ContractCheck {
  private static final Vertx VERTX = Vertx.vertx();
  private static final OpenAPIContract CONTRACT = RoutableContract.load(VERTX).await();
  private static final ResponseValidator VALIDATOR = ResponseValidator.create(VERTX, CONTRACT);

  private ContractCheck() {}

  static List<Operation> operations() {
    return CONTRACT.operations();
  }

  /** Passes over answers at paths that the contract does not have. */
  public static void check(HttpResponse<byte[]> answer) {
    HttpMethod method = HttpMethod.valueOf(answer.request().method());
    Operation operation = CONTRACT.findOperation(answer.uri().getPath(), method);
    if (operation == null) {
      return;
    }
    Map<String, String> headers = new HashMap<>();
    answer.headers().map().forEach((name, values) -> headers.put(name, values.getFirst()));
    String type = headers.get("content-type");
    ValidatableResponse validatable =
        answer.body().length == 0
            ? ValidatableResponse.create(answer.statusCode(), headers)
            : ValidatableResponse.create(
                answer.statusCode(),
                headers,
                Buffer.buffer(answer.body()),
                RoutableContract.loadedName(type));
    try {
      VALIDATOR.validate(validatable, operation.getOperationId()).await(30, TimeUnit.SECONDS);
    } catch (TimeoutException slow) {
      throw new AssertionError(slow);
    } catch (RuntimeException broken) {
      throw new AssertionError(
          operation.getOperationId() + " broke the contract: " + new String(answer.body(), UTF_8),
          broken);
    }
  }
}
