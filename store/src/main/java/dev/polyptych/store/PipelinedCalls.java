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
 * Sends the commands of many threads in one pipeline, so client and Redis do one write and one read
 * for all of them. Calls are never delayed to fill a pipeline. A lone call runs immediately on the
 * caller's thread. Calls that arrive while all pipelines are busy share the next one. Safe for any
 * number of threads.
 *
 * <p>The connection's timeouts bound each pipeline, so callers wait without a timeout.
 */
final class PipelinedCalls {
  private static final int MOST_CALLS = 256;

  /** The client writes one pipeline while Redis executes the other. */
  private static final int PIPELINES = 2;

  private final UnifiedJedis jedis;
  private final Queue<Call<?>> waiting = new ConcurrentLinkedQueue<>();
  private final Semaphore free = new Semaphore(PIPELINES);

  PipelinedCalls(UnifiedJedis jedis) {
    this.jedis = jedis;
  }

  /**
   * @param commands adds the commands to the pipeline and returns a reader of their answers
   * @throws JedisException if any command fails; the other commands may have run or not
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
      if (timedOut(broken)) {
        failWaiting(broken);
      }
    }
  }

  /** Also if a new connection waits for the answer to its password. */
  private static boolean timedOut(Throwable broken) {
    return broken instanceof SocketTimeoutException
        || (broken.getCause() != null && timedOut(broken.getCause()));
  }

  /** Redis hangs. The waiting calls fail now, not after another timeout. */
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

    /** Has no effect if the call has its answer. */
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
