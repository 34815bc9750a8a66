package dev.polyptych.store;

import java.net.URI;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;

/** A pool of connections to one Redis; safe for any number of threads. */
public final class RedisConnection implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(5);
  private static final int MAX_CONNECTIONS = 32;

  private final URI address;
  private final UnifiedJedis jedis;
  private final PipelinedCalls convoy;

  private RedisConnection(URI address, UnifiedJedis jedis) {
    this.address = address;
    this.jedis = jedis;
    this.convoy = new PipelinedCalls(jedis);
  }

  /**
   * Connects at first use, so that a process may start before its Redis does.
   *
   * @param address {@code redis://[user:password@]host:port[/database]}, {@code rediss://} for TLS
   */
  public static RedisConnection open(URI address) {
    ConnectionPoolConfig pool = new ConnectionPoolConfig();
    pool.setMaxTotal(MAX_CONNECTIONS);
    pool.setMaxIdle(MAX_CONNECTIONS);
    pool.setMaxWait(SOCKET_TIMEOUT);
    var client =
        DefaultJedisClientConfig.builder(address)
            .connectionTimeoutMillis((int) CONNECT_TIMEOUT.toMillis())
            .socketTimeoutMillis((int) SOCKET_TIMEOUT.toMillis())
            .build();
    return new RedisConnection(
        address,
        RedisClient.builder()
            .hostAndPort(address.getHost(), address.getPort() < 0 ? 6379 : address.getPort())
            .clientConfig(client)
            .poolConfig(pool)
            .build());
  }

  /**
   * @throws StoreUnavailableException when Redis does not answer or refuses
   */
  public <T> T call(Function<UnifiedJedis, T> command) {
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
  <T> T together(Function<AbstractPipeline, Supplier<T>> commands) {
    try {
      return convoy.call(commands);
    } catch (JedisException refused) {
      throw unavailable(refused);
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

  /** Host and port, without the credentials. */
  public String where() {
    return address.getHost() + ":" + address.getPort();
  }

  @Override
  public void close() {
    jedis.close();
  }
}
