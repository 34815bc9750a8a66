package dev.polyptych.worker.trace;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long a start takes, and each part of it. Parts may run at the same time, so their sum may
 * differ from the whole. Any thread.
 */
public final class StartTimes {
  /** From the JVM's start to our first line: JVM start, class loading, command line. */
  private static final String JAVA = "java";

  private static final Logger LOG = LoggerFactory.getLogger(StartTimes.class);

  private final long begin;
  private final AtomicBoolean stepped = new AtomicBoolean();

  @GuardedBy("this")
  private final Map<String, Duration> parts = new LinkedHashMap<>();

  private StartTimes(long begin) {
    this.begin = begin;
  }

  /** Counts from the start of this JVM. */
  public static StartTimes ofProcess() {
    long millis = System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
    Duration java = Duration.ofMillis(millis);
    StartTimes times = new StartTimes(System.nanoTime() - java.toNanos());
    times.took(JAVA, java);
    return times;
  }

  /** Counts from now, in a JVM that did other things before. */
  public static StartTimes fromNow() {
    return new StartTimes(System.nanoTime());
  }

  /** Runs a step and records its duration, unless it fails. */
  public <T> T of(String part, Supplier<T> step) {
    Runnable end = begin(part);
    T result = step.get();
    end.run();
    return result;
  }

  /** Begins a part. Run the result at its end. */
  public Runnable begin(String part) {
    long from = System.nanoTime();
    return () -> took(part, Duration.ofNanos(System.nanoTime() - from));
  }

  /** Since the beginning. */
  public Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  /** Logs that the process is ready. */
  public void ready() {
    Duration total = elapsed();
    LOG.atInfo()
        .addKeyValue("startup", total.toMillis())
        .addKeyValue("parts", text())
        .log("ready in {} s", total.toMillis() / 1000.0);
  }

  /** Logs the first drawn step of a job. */
  public void stepped() {
    if (stepped.compareAndSet(false, true)) {
      LOG.atInfo().addKeyValue("startup", elapsed().toMillis()).log("first step drawn");
    }
  }

  private synchronized void took(String part, Duration duration) {
    parts.put(part, duration);
  }

  private synchronized String text() {
    return parts.entrySet().stream()
        .map(part -> part.getKey() + " " + part.getValue().toMillis())
        .collect(Collectors.joining(", "));
  }
}
