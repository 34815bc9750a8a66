package dev.polyptych.dispatcher.callback;

import dev.polyptych.dispatcher.address.AddressGuard;
import dev.polyptych.dispatcher.config.CallbackSettings;
import dev.polyptych.dispatcher.metrics.CallbackMetrics;
import dev.polyptych.schema.job.CallbackState;
import dev.polyptych.schema.job.JobStatus;
import dev.polyptych.store.CallbackOutbox;
import dev.polyptych.store.CallbackOutbox.CallbackTurn;
import dev.polyptych.store.CallbackOutbox.Report;
import dev.polyptych.store.JitteredBackoff;
import dev.polyptych.store.JobStore;
import dev.polyptych.store.StoreUnavailableException;
import dev.polyptych.store.Verdict;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers the callbacks in the outbox. It looks every second, and whenever a job that owes a
 * callback settles. One virtual thread looks and claims. Each try runs on its own virtual thread;
 * their number is bounded. All dispatchers do this, and the claim decides which one delivers a
 * callback.
 */
public final class Deliveries implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);

  /** The most tries under way at once. */
  static final int AT_ONCE = 64;

  /** The most jobs remembered from a burst. A sweep finds the others. */
  private static final int MOST_HEARD_OF = 10_000;

  /** For one exchange; the time of the name service is extra. */
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final Duration LOST = Duration.ofMinutes(1);
  private static final Duration FIRST_WAIT = Duration.ofSeconds(5);
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);

  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private final CallbackOutbox outbox;
  private final JobStore jobs;
  private final CallbackDelivery delivery;
  private final Duration lost;
  private final Clock clock;
  private final CallbackMetrics metrics;
  private final BlockingQueue<String> heardOf = new LinkedBlockingQueue<>(MOST_HEARD_OF);
  private final Semaphore places = new Semaphore(AT_ONCE);
  private final Thread thread = Thread.ofVirtual().name("callbacks").unstarted(this::run);
  private volatile boolean closed;

  /** Uses timeouts that suit the internet. */
  public static Deliveries of(
      CallbackOutbox outbox,
      JobStore jobs,
      Function<Duration, CallbackClient> client,
      CallbackSettings settings,
      Clock clock,
      CallbackMetrics metrics) {
    JitteredBackoff backoff =
        new JitteredBackoff(
            FIRST_WAIT, LONGEST_WAIT, () -> ThreadLocalRandom.current().nextDouble());
    CallbackDelivery delivery =
        new CallbackDelivery(
            client.apply(TIMEOUT),
            InetAddress::getAllByName,
            new AddressGuard(settings.allowed()),
            new Signature(settings.secrets()),
            new CallbackRetryPolicy(backoff, settings.retryFor()),
            clock);
    return new Deliveries(outbox, jobs, delivery, LOST, clock, metrics);
  }

  /**
   * @param lost time after which another dispatcher repeats a try that has no report; must be
   *     longer than a try can take
   */
  Deliveries(
      CallbackOutbox outbox,
      JobStore jobs,
      CallbackDelivery delivery,
      Duration lost,
      Clock clock,
      CallbackMetrics metrics) {
    this.outbox = outbox;
    this.jobs = jobs;
    this.delivery = delivery;
    this.lost = lost;
    this.clock = clock;
    this.metrics = metrics;
  }

  public void start() {
    thread.start();
  }

  /** Reports that a job which owes a callback has settled. Any thread; returns at once. */
  public void due(String job) {
    if (!heardOf.offer(job)) {
      LOG.debug("job {} owes a callback, which a sweep will list", job);
    }
  }

  /** Waits briefly for the tries under way. A dispatcher repeats those that do not end. */
  @Override
  public void close() {
    closed = true;
    heardOf.offer("");
    try {
      if (!thread.join(CLOSE_TIMEOUT)) {
        thread.interrupt();
      }
      if (!places.tryAcquire(AT_ONCE, CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.info("callbacks are under way; they are repeated in {} s", lost.toSeconds());
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!closed) {
        String heard = heardOf.poll(EVERY.toMillis(), TimeUnit.MILLISECONDS);
        if (!closed) {
          look(Optional.ofNullable(heard));
        }
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  private void look(Optional<String> heard) throws InterruptedException {
    try {
      heard.ifPresent(outbox::list);
      for (String more = heardOf.poll(); more != null; more = heardOf.poll()) {
        outbox.list(more);
      }
      List<CallbackOutbox.Entry> due = outbox.due(clock.instant(), AT_ONCE);
      while (!closed && !due.isEmpty()) {
        for (CallbackOutbox.Entry entry : due) {
          take(entry);
        }
        due = due.size() < AT_ONCE ? List.of() : outbox.due(clock.instant(), AT_ONCE);
      }
      metrics.depth(outbox.depth());
    } catch (StoreUnavailableException away) {
      LOG.debug("no callbacks: {}", away.getMessage());
    } catch (RuntimeException bug) {
      LOG.error("looking for callbacks failed; the next look follows", bug);
    }
  }

  private void take(CallbackOutbox.Entry entry) throws InterruptedException {
    places.acquire();
    boolean handedOver = false;
    try {
      switch (outbox.claim(entry.job(), lost)) {
        case CallbackTurn.Granted turn -> {
          CallbackOutbox.Entry mine = outbox.hold(entry.job(), clock.instant().plus(lost));
          Thread.ofVirtual().name("callback-" + entry.job()).start(() -> attempt(mine, turn));
          handedOver = true;
        }
        case CallbackTurn.Later(Duration left) ->
            outbox.lookAgain(entry, clock.instant().plus(left));
        case CallbackTurn.Nothing() -> outbox.remove(entry);
      }
    } finally {
      if (!handedOver) {
        places.release();
      }
    }
  }

  private void attempt(CallbackOutbox.Entry entry, CallbackTurn.Granted turn) {
    long begin = System.nanoTime();
    try {
      Optional<JobStatus> status = jobs.status(entry.job());
      if (status.isEmpty()) {
        outbox.remove(entry);
        return;
      }
      Report report = delivery.attempt(status.get(), turn);
      metrics.tried(report.state(), System.nanoTime() - begin);
      settle(entry, turn, report);
    } catch (StoreUnavailableException away) {
      LOG.warn("callback of job {} will be repeated: {}", entry.job(), away.getMessage());
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException bug) {
      LOG.error("callback of job {} failed; it will be repeated", entry.job(), bug);
    } finally {
      places.release();
    }
  }

  private void settle(CallbackOutbox.Entry entry, CallbackTurn.Granted turn, Report report) {
    String failure = report.failure().map(why -> ": " + why).orElse("");
    LOG.info(
        "callback of job {} is {} at try {}{}",
        entry.job(),
        report.state().text(),
        turn.tries(),
        failure);
    if (outbox.report(entry.job(), turn.claim(), report) != Verdict.DONE) {
      return;
    }
    if (report.state() == CallbackState.PENDING) {
      outbox.lookAgain(entry, clock.instant().plus(report.pause()));
    } else {
      outbox.remove(entry);
    }
  }
}
