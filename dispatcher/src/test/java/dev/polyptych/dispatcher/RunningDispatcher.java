package dev.polyptych.dispatcher;

import dev.polyptych.dispatcher.config.DispatcherConfig;
import dev.polyptych.embedded.Backends;
import dev.polyptych.schema.config.Retention;
import dev.polyptych.schema.config.Settings.Sources;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.RedisConnection;
import dev.polyptych.store.StoreContinuity;
import dev.polyptych.store.StoreUnavailableException;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** A dispatcher on free ports with a caller in front of it and a worker's view behind it. */
public final class RunningDispatcher implements AutoCloseable {
  private final Dispatcher dispatcher;
  private final ApiCaller caller;
  private final ApiCaller management;
  private final RedisConnection redis;

  private RunningDispatcher(DispatcherConfig config) {
    this.redis = RedisConnection.open(config.redis());
    missNothing(redis);
    this.dispatcher = Dispatcher.start(config);
    this.caller = new ApiCaller(dispatcher.port());
    this.management = new ApiCaller(dispatcher.managementPort());
  }

  /**
   * As if Redis had every job that is on the lanes. Otherwise an empty one would get those that
   * other tests have left on the shared broker.
   */
  static void missNothing(RedisConnection redis) {
    try {
      new StoreContinuity(redis).confirm(Instant.now());
    } catch (StoreUnavailableException away) {
      // A test of that.
    }
  }

  /** On the backends that the tests share. */
  public static RunningDispatcher start() {
    return start(Backends.kafkaBootstrapServers(), Backends.redisUri(), Map.of());
  }

  public static RunningDispatcher start(
      String bootstrapServers, URI redis, Map<String, String> more) {
    Map<String, String> flags = new HashMap<>(more);
    flags.put("port", "0");
    flags.put("managementPort", "0");
    return onPorts(bootstrapServers, redis, flags);
  }

  /**
   * On given ports.
   *
   * @param more names {@code port} and {@code managementPort}
   */
  public static RunningDispatcher onPorts(
      String bootstrapServers, URI redis, Map<String, String> more) {
    Map<String, String> flags = new HashMap<>(more);
    flags.putIfAbsent("catalog", "tiny");
    flags.put("bootstrapServers", bootstrapServers);
    flags.put("redis", redis.toString());
    return new RunningDispatcher(DispatcherConfig.read(Sources.of(flags)));
  }

  public Dispatcher dispatcher() {
    return dispatcher;
  }

  public ApiCaller caller() {
    return caller;
  }

  /** A caller of the management port. */
  public ApiCaller management() {
    return management;
  }

  public RedisConnection redis() {
    return redis;
  }

  /** What a worker uses. */
  public JobStore store() {
    return new JobStore(redis, Retention.DEFAULT);
  }

  @Override
  public void close() {
    caller.close();
    management.close();
    dispatcher.close();
    redis.close();
  }
}
