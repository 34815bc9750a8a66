package dev.polyptych.dispatcher.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.validation.ResponseValidator;
import io.vertx.openapi.validation.ValidatableResponse;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Holds real answers against {@code openapi.yaml}: status, headers, media type and body, the lines
 * of a batch and the events of a stream one by one.
 */
public final class ContractCheck {
  private static final Vertx VERTX = Vertx.vertx();
  private static final OpenAPIContract CONTRACT = RoutableContract.load(VERTX).await();
  private static final ResponseValidator VALIDATOR = ResponseValidator.create(VERTX, CONTRACT);

  /** Stands for the bytes of a body that no schema describes. */
  private static final byte[] STREAMED = {'.'};

  private ContractCheck() {}

  public static List<Operation> operations() {
    return CONTRACT.operations();
  }

  /** Holds an answer with its whole body against the contract. */
  public static void check(HttpResponse<byte[]> answer) {
    check(answer, answer.body());
    String body = new String(answer.body(), UTF_8);
    if (type(answer).equals(Answer.PROBLEM)) {
      checkProblem(answer.statusCode(), body);
    } else if (type(answer).equals(BatchStream.NDJSON)) {
      checkBatch(body.lines().toList());
    }
  }

  /** Holds the head of an answer whose body is still to come against the contract. */
  public static void checkHead(HttpResponse<?> answer) {
    check(answer, STREAMED);
  }

  /** Holds the {@code data} of a server-sent event against the contract. */
  public static void checkEvent(String data) {
    DocumentedAnswers.checkJson("JobEvent", data);
  }

  /** A tally without counts, a verdict a line, a tally with counts. */
  private static void checkBatch(List<String> lines) {
    DocumentedAnswers.checkJson("BatchTally", lines.getFirst());
    for (String verdict : lines.subList(1, lines.size() - 1)) {
      DocumentedAnswers.checkJson("BatchVerdict", verdict);
    }
    DocumentedAnswers.checkJson("BatchTally", lines.getLast());
  }

  private static void checkProblem(int status, String body) {
    DocumentedAnswers.checkJson("Problem", body);
    int told = new JsonObject(body).getInteger("status");
    if (told != status) {
      throw new AssertionError("a problem of status " + told + " came with " + status);
    }
  }

  private static void check(HttpResponse<?> answer, byte[] body) {
    HttpMethod method = HttpMethod.valueOf(answer.request().method());
    Optional<Operation> found =
        RoutableContract.at(CONTRACT, answer.uri().getPath()).stream()
            .filter(operation -> operation.getHttpMethod().equals(method))
            .findFirst();
    if (found.isEmpty()) {
      checkElsewhere(answer);
      return;
    }
    Operation operation = found.get();
    Map<String, String> headers = new HashMap<>();
    answer.headers().map().forEach((name, values) -> headers.put(name, values.getFirst()));
    if (body.length > 0) {
      DocumentedAnswers.checkType(operation.getOperationId(), answer.statusCode(), type(answer));
    }
    ValidatableResponse validatable =
        body.length == 0
            ? ValidatableResponse.create(answer.statusCode(), headers)
            : ValidatableResponse.create(
                answer.statusCode(),
                headers,
                Buffer.buffer(body),
                RoutableContract.loadedName(type(answer)));
    try {
      VALIDATOR.validate(validatable, operation.getOperationId()).await(30, TimeUnit.SECONDS);
    } catch (TimeoutException slow) {
      throw new AssertionError(slow);
    } catch (RuntimeException broken) {
      throw new AssertionError(
          operation.getOperationId() + " broke the contract: " + new String(body, UTF_8), broken);
    }
  }

  /** Below /v1 there is nothing that the contract does not have, and problems say so. */
  private static void checkElsewhere(HttpResponse<?> answer) {
    boolean refused = answer.statusCode() == 404 || answer.statusCode() == 405;
    if (answer.uri().getPath().startsWith("/v1")
        && !(refused && type(answer).equals(Answer.PROBLEM))) {
      throw new AssertionError(answer + " is not in the contract");
    }
  }

  private static String type(HttpResponse<?> answer) {
    return answer.headers().firstValue("content-type").orElse("");
  }
}
