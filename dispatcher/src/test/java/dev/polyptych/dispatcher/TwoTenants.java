package dev.polyptych.dispatcher;

import dev.polyptych.dispatcher.tenant.ApiKey;
import dev.polyptych.embedded.Backends;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A dispatcher that asks for keys, and two callers with one. */
public final class TwoTenants implements AutoCloseable {
  private final String id = UUID.randomUUID().toString().substring(0, 8);
  private final String annasKey = ApiKey.make(new SecureRandom());
  private final String bertsKey = ApiKey.make(new SecureRandom());
  private final RunningDispatcher running;
  private final ApiCaller anna;
  private final ApiCaller bert;

  /**
   * @param annasQuotas as YAML; Bert has none
   */
  public TwoTenants(String annasQuotas, URI redis, Map<String, String> more) {
    Map<String, String> flags = new HashMap<>(more);
    flags.put("tenants", file(annasQuotas).toString());
    running = RunningDispatcher.start(Backends.kafkaBootstrapServers(), redis, flags);
    anna = new ApiCaller(running.dispatcher().port(), Optional.of(annasKey));
    bert = new ApiCaller(running.dispatcher().port(), Optional.of(bertsKey));
  }

  /** The ids are new ones, so that no other test's jobs are theirs. */
  public String annasId() {
    return "anna-" + id;
  }

  public String bertsId() {
    return "bert-" + id;
  }

  public ApiCaller anna() {
    return anna;
  }

  public ApiCaller bert() {
    return bert;
  }

  public String annasKey() {
    return annasKey;
  }

  public RunningDispatcher running() {
    return running;
  }

  @Override
  public void close() {
    anna.close();
    bert.close();
    running.close();
  }

  private Path file(String quotas) {
    try {
      Path file = Files.createTempFile("tenants", ".yaml");
      file.toFile().deleteOnExit();
      return Files.writeString(
          file,
          """
          v: 1
          tenants:
            - {id: %s, keys: ["%s"], quotas: {%s}}
            - {id: %s, keys: ["%s"]}
          """
              .formatted(
                  annasId(), ApiKey.digest(annasKey), quotas, bertsId(), ApiKey.digest(bertsKey)));
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
