package dev.polyptych.store;

import java.net.URI;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;

/** A pool of connections to one Redis; safe for any number of threads. */
public final class RedisConnection implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(1);
  private static final int MAX_CONNECTIONS = 32;

  private final URI address;
  private final UnifiedJedis jedis;
  private final PipelinedCalls convoy;
  private final BooleanSupplier up;

  private RedisConnection(URI address, UnifiedJedis jedis, BooleanSupplier up) {
    this.address = address;
    this.jedis = jedis;
    this.convoy = new PipelinedCalls(jedis);
    this.up = up;
  }

  /**
   * Connects at first use, so that a process may start before its Redis does.
   *
   * @param address {@code redis://[user:password@]host:port[/database]}, {@code rediss://} for TLS
   */
  public static RedisConnection open(URI address) {
    return open(address, () -> true);
  }

  /**
   * Like {@link #open(URI)}, with a circuit breaker: a silent Redis costs a caller nothing.
   *
   * @param up while false, every call is refused at once
   */
  public static RedisConnection open(URI address, BooleanSupplier up) {
    return new RedisConnection(
        address, client(address, MAX_CONNECTIONS, CONNECT_TIMEOUT, SOCKET_TIMEOUT), up);
  }

  /** One connection that gives up after a second, to see whether Redis answers. */
  public static RedisConnection probing(URI address) {
    return new RedisConnection(
        address, client(address, 1, PROBE_TIMEOUT, PROBE_TIMEOUT), () -> true);
  }

  private static UnifiedJedis client(
      URI address, int connections, Duration connect, Duration answer) {
    ConnectionPoolConfig pool = new ConnectionPoolConfig();
    pool.setMaxTotal(connections);
    pool.setMaxIdle(connections);
    pool.setMaxWait(answer);
    var client =
        DefaultJedisClientConfig.builder(address)
            // Without a negotiation, which waits twice for a silent Redis.
            .protocol(RedisProtocol.RESP2)
            .connectionTimeoutMillis((int) connect.toMillis())
            .socketTimeoutMillis((int) answer.toMillis())
            .build();
    return RedisClient.builder()
        .hostAndPort(address.getHost(), address.getPort() < 0 ? 6379 : address.getPort())
        .clientConfig(client)
        .poolConfig(pool)
        .build();
  }

  /**
   * @throws StoreUnavailableException when Redis does not answer or refuses
   */
  public <T> T call(Function<UnifiedJedis, T> command) {
    refuseWhileDown();
    try {
      return command.apply(jedis);
    } catch (JedisException refused) {
      throw unavailable(refused);
    }
  }

  /**
   * Like {@link #call}, for short commands. Commands of many threads share a pipeline. A Redis node
   * receives the commands of one call in order.
   *
   * @param commands adds the commands to the pipeline and returns a reader of their answers
   */
  public <T> T together(Function<AbstractPipeline, Supplier<T>> commands) {
    refuseWhileDown();
    try {
      return convoy.call(commands);
    } catch (JedisException refused) {
      throw unavailable(refused);
    }
  }

  private void refuseWhileDown() {
    if (!up.getAsBoolean()) {
      throw new StoreUnavailableException("Redis at " + where() + " does not answer", null);
    }
  }

  private StoreUnavailableException unavailable(JedisException refused) {
    return new StoreUnavailableException(
        "Redis at " + where() + ": " + refused.getMessage(), refused);
  }

  /** Whether Redis answers now. */
  public boolean answers() {
    try {
      return call(UnifiedJedis::ping).equals("PONG");
    } catch (StoreUnavailableException away) {
      return false;
    }
  }

  /**
   * The memory use of Redis.
   *
   * @throws StoreUnavailableException also if the Redis user lacks the permission ({@code +info})
   */
  public StoreMemory memory() {
    return StoreMemory.of(call(jedis -> jedis.info("memory")));
  }

  /**
   * Which process Redis is: it differs after a restart and after a failover. The same for all if
   * the Redis user lacks the permission ({@code +info}).
   */
  String server() {
    try {
      return call(jedis -> jedis.info("server"))
          .lines()
          .filter(line -> line.startsWith("run_id:"))
          .findFirst()
          .orElse("unknown");
    } catch (StoreUnavailableException refused) {
      return "unknown";
    }
  }

  /** Host and port, without the credentials. */
  public String where() {
    return address.getHost() + ":" + address.getPort();
  }

  @Override
  public void close() {
    jedis.close();
  }
}
