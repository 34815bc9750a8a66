package dev.polyptych.worker.fleet;

import dev.polyptych.store.PeriodicTask;
import dev.polyptych.store.StoreUnavailableException;
import dev.polyptych.store.objects.ObjectsUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a worker join its lanes once its base accepts its weights: other weights under the name of
 * the base would draw other pictures. A declaration that lists no digests accepts any, and then no
 * digest is computed. A worker that is refused asks again from time to time, because an operator
 * may declare its weights.
 */
public final class WeightsCheck implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WeightsCheck.class);
  private static final Duration AGAIN = Duration.ofSeconds(2);

  /** Once it has joined there is nothing to do. */
  private static final Duration NEVER = Duration.ofDays(10_000);

  private final String base;
  private final Supplier<List<String>> accepted;
  private final Supplier<String> digest;
  private final Runnable join;
  private final PeriodicTask task = new PeriodicTask("weights-check", Duration.ZERO, this::round);
  private volatile Optional<String> refused = Optional.empty();

  /** What the log said last. Used by the task alone. */
  private String said = "";

  /**
   * @param base id of the model
   * @param accepted digests that its declaration lists; asked again until the worker joins
   * @param digest of the weights; takes a while, and is asked for only if there are digests
   * @param join called once
   */
  public WeightsCheck(
      String base, Supplier<List<String>> accepted, Supplier<String> digest, Runnable join) {
    this.base = base;
    this.accepted = accepted;
    this.digest = digest;
    this.join = join;
  }

  /** Call it once the model is loaded. */
  public void start() {
    task.start();
  }

  @Override
  public void close() {
    task.close();
  }

  /** The digest of the weights while the base does not accept them. Any thread. */
  public Optional<String> refused() {
    return refused;
  }

  private Duration round() {
    try {
      List<String> digests = accepted.get();
      Optional<String> own = digests.isEmpty() ? Optional.empty() : Optional.of(digest.get());
      if (own.isEmpty() || digests.contains(own.get())) {
        refused = Optional.empty();
        join.run();
        return NEVER;
      }
      refused = own;
      say(
          "%s does not accept the weights of this worker, sha256 %s, so it joins no lane: start it"
                  .formatted(base, own.get())
              + " with other weights, or add the digest to the base's declaration (polyptych base"
              + " apply)");
    } catch (StoreUnavailableException | ObjectsUnavailableException away) {
      say(
          "this worker joins when it can read which weights its base accepts: "
              + away.getMessage());
    } catch (RuntimeException unreadable) {
      say("this worker joins no lane: the digest of its weights can't be computed: " + unreadable);
    }
    return AGAIN;
  }

  private void say(String problem) {
    if (!problem.equals(said)) {
      LOG.error("{}", problem);
      said = problem;
    }
  }
}
