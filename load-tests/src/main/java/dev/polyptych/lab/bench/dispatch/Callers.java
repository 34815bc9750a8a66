package dev.polyptych.lab.bench.dispatch;

import dev.polyptych.lab.bench.Timings;
import dev.polyptych.lab.bench.dispatch.LoadArm.LoadSample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Callers in this JVM, each on a thread of its own. */
final class Callers {
  private Callers() {}

  /** One job; blocks until it is durable. */
  interface Call {
    void run() throws Exception;
  }

  /** Lets each caller make its next call when the last one has returned. */
  static LoadSample run(int callers, Duration time, Call call) throws Exception {
    Timings timings = new Timings();
    long begin = System.nanoTime();
    long end = begin + time.toNanos();
    Callable<Void> caller =
        () -> {
          for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
            call.run();
            timings.add(System.nanoTime() - now);
          }
          return null;
        };
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Void>> all = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        all.add(threads.submit(caller));
      }
      for (Future<Void> one : all) {
        one.get();
      }
    }
    return LoadSample.of(timings.count(), 0, (System.nanoTime() - begin) / 1e9, timings);
  }
}
