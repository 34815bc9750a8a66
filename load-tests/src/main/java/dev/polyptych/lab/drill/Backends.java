package dev.polyptych.lab.drill;

import java.nio.file.Path;

/** The broker and the Redis that are broken in the drills. */
public interface Backends extends AutoCloseable {
  /** Where the broker itself listens, on the loopback interface. */
  int brokerPort();

  /** Where Redis itself listens, on the loopback interface. */
  int redisPort();

  /** Stops the broker in good order and starts it on its data and port. */
  void restartBroker();

  /** Ends Redis as by {@code kill -9} and starts it on its data and port. */
  void restartRedis();

  @Override
  void close();

  /** Starts them. */
  interface Source {
    /**
     * @param folder keeps their data
     * @param advertisedPort where the broker tells its clients to find it
     */
    Backends start(Path folder, int advertisedPort);
  }
}
