package dev.polyptych.store;

import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Commands of many threads in one pipeline: one write and one read for all, here and in Redis.
 * Nobody waits for company: what comes while the pipelines are under way goes with the next, and
 * who comes alone goes at once, on his own thread. Safe for any number of threads.
 *
 * <p>A pipeline ends within the connection's own time limits, so waiting for it needs none.
 */
final class PipelinedCalls {
  private static final int MOST_CALLS = 256;

  /** One is written here while Redis works on the other. */
  private static final int PIPELINES = 2;

  private final UnifiedJedis jedis;
  private final Queue<Call<?>> waiting = new ConcurrentLinkedQueue<>();
  private final Semaphore free = new Semaphore(PIPELINES);

  PipelinedCalls(UnifiedJedis jedis) {
    this.jedis = jedis;
  }

  /**
   * @param commands puts them into the pipeline and says how their answers are read
   * @throws JedisException of any of them; the others have been run or not
   */
  <T> T call(Function<AbstractPipeline, Supplier<T>> commands) {
    Call<T> call = new Call<>(commands);
    waiting.add(call);
    if (free.tryAcquire()) {
      travel();
      if (!waiting.isEmpty()) {
        Thread.ofVirtual().name("convoy").start(this::travelOn);
      }
    }
    return call.outcome();
  }

  private void travelOn() {
    while (!waiting.isEmpty() && free.tryAcquire()) {
      travel();
    }
  }

  private void travel() {
    List<Call<?>> calls = new ArrayList<>();
    try {
      for (Call<?> call = waiting.poll(); call != null; call = next(calls)) {
        calls.add(call);
      }
      travel(calls);
    } finally {
      free.release();
    }
  }

  private Call<?> next(List<Call<?>> calls) {
    return calls.size() < MOST_CALLS ? waiting.poll() : null;
  }

  private void travel(List<Call<?>> calls) {
    try {
      try (AbstractPipeline pipeline = jedis.pipelined()) {
        calls.forEach(call -> call.begin(pipeline));
      }
      calls.forEach(Call::end);
    } catch (RuntimeException | Error broken) {
      calls.forEach(call -> call.fail(broken));
      if (broken.getCause() instanceof SocketTimeoutException) {
        failWaiting(broken);
      }
    }
  }

  /** Redis hangs: the calls behind fail now, not after one more time limit. */
  private void failWaiting(Throwable broken) {
    for (Call<?> call = waiting.poll(); call != null; call = waiting.poll()) {
      call.fail(broken);
    }
  }

  private static final class Call<T> {
    private final Function<AbstractPipeline, Supplier<T>> commands;
    private final CompletableFuture<T> outcome = new CompletableFuture<>();
    private Supplier<T> answer;

    Call(Function<AbstractPipeline, Supplier<T>> commands) {
      this.commands = commands;
    }

    void begin(AbstractPipeline pipeline) {
      answer = commands.apply(pipeline);
    }

    void end() {
      try {
        outcome.complete(answer.get());
      } catch (RuntimeException refused) {
        outcome.completeExceptionally(refused);
      }
    }

    /** Unless it has its answer. */
    void fail(Throwable broken) {
      outcome.completeExceptionally(broken);
    }

    T outcome() {
      try {
        return outcome.join();
      } catch (CompletionException failed) {
        throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
      }
    }
  }
}
