package dev.polyptych.worker.startup;

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
 * How long a start takes, and each part of it. Parts may run at the same time, so they need not add
 * up. Any thread.
 */
public final class StartTimes {
  /** From the JVM's start until our first line: its own start, class loading, the command line. */
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

  /** Counts from now on, in a JVM that did other things before. */
  public static StartTimes fromNow() {
    return new StartTimes(System.nanoTime());
  }

  /** Takes a step and notes how long it took; a step that fails is no part. */
  public <T> T of(String part, Supplier<T> step) {
    Runnable end = begin(part);
    T result = step.get();
    end.run();
    return result;
  }

  /** Begins a part; run what comes back at its end. */
  public Runnable begin(String part) {
    long from = System.nanoTime();
    return () -> took(part, Duration.ofNanos(System.nanoTime() - from));
  }

  /** Since the beginning. */
  public Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  /** Tells the log once all is there. */
  public void ready() {
    Duration total = elapsed();
    LOG.atInfo()
        .addKeyValue("startup", total.toMillis())
        .addKeyValue("parts", text())
        .log("ready in {} s", total.toMillis() / 1000.0);
  }

  /** Tells the log, the first time, that a step of a job has been drawn. */
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
