package dev.polyptych.dispatcher.admission;

import dev.polyptych.schema.catalog.PromptTemplate.Composed;
import dev.polyptych.schema.catalog.TextReading;
import dev.polyptych.schema.error.Validated;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.tokenizers.PromptTokenizer;
import dev.polyptych.tokenizers.PromptTokenizers;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the tokens of jobs as the workers do, and refuses text that the model would not read. The
 * tokenizers are loaded on a thread of their own, so that the dispatcher starts without them.
 * Blocks for a few milliseconds, and until they are loaded; any thread but an event loop.
 */
public final class TextCheck implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TextCheck.class);

  /** Loading takes half a second; much longer on a busy machine. */
  private static final int LOADING_SECONDS = 20;

  private static final int REMEMBERED = 1000;

  private final Map<String, CompletableFuture<Optional<PromptTokenizers>>> byBase =
      new ConcurrentHashMap<>();

  /**
   * Readings of the latest prompts. A text is often counted again at once: the console counts while
   * it is typed, a dry run comes before its job, and jobs differ by their seeds only. Counting
   * takes most of a submission's processor time.
   */
  private final Map<Counted, TextReading> latest =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Counted, TextReading> eldest) {
              return size() > REMEMBERED;
            }
          });

  private record Counted(String base, Composed prompt) {}

  private TextCheck() {}

  /** Begins to load the tokenizers of a base, and returns at once. Those of others follow. */
  public static TextCheck start(String base) {
    TextCheck check = new TextCheck();
    var _ = check.loading(base);
    return check;
  }

  private CompletableFuture<Optional<PromptTokenizers>> loading(String base) {
    return byBase.computeIfAbsent(
        base,
        id -> {
          CompletableFuture<Optional<PromptTokenizers>> tokenizers = new CompletableFuture<>();
          Thread.ofPlatform().daemon().name("tokenizers").start(() -> load(id, tokenizers));
          return tokenizers;
        });
  }

  private static void load(String base, CompletableFuture<Optional<PromptTokenizers>> tokenizers) {
    try {
      Optional<PromptTokenizers> found = PromptTokenizers.builtIn(base);
      if (found.isEmpty()) {
        LOG.warn(
            "no tokenizers are built in for model {}: texts are not counted, and the workers cut"
                + " what the model does not read",
            base);
      }
      tokenizers.complete(found);
    } catch (RuntimeException | LinkageError unusable) {
      LOG.error("texts are not counted: the tokenizers can't be loaded", unusable);
      tokenizers.complete(Optional.empty());
    }
  }

  /**
   * Adds the count to a job; the problems are those of texts that would be lost although the caller
   * did not accept it. Without tokenizers the job stays as it is.
   */
  public Validated<RenderJob> check(RenderJob job) {
    RenderJob counted = count(job);
    boolean accepted = job.request().scene().truncate().orElse(false);
    return Validated.of(
        counted,
        accepted ? List.of() : counted.text().map(TextReading::problems).orElse(List.of()));
  }

  /** Adds the count to a job, whatever is lost. Without tokenizers the job stays as it is. */
  public RenderJob count(RenderJob job) {
    Counted text = new Counted(job.pins().base(), job.pins().prompt());
    TextReading known = latest.get(text);
    if (known != null) {
      return job.counted(known);
    }
    return loaded(loading(text.base()))
        .map(tokenizers -> job.counted(read(text, tokenizers)))
        .orElseGet(job::uncounted);
  }

  private TextReading read(Counted text, PromptTokenizers tokenizers) {
    TextReading reading =
        TextReading.of(text.prompt(), encoder(tokenizers.main()), encoder(tokenizers.pooled()));
    latest.put(text, reading);
    return reading;
  }

  private static TextReading.Encoder encoder(PromptTokenizer tokenizer) {
    return new TextReading.Encoder(tokenizer.length(), tokenizer::count);
  }

  private static Optional<PromptTokenizers> loaded(
      CompletableFuture<Optional<PromptTokenizers>> tokenizers) {
    try {
      return tokenizers.get(LOADING_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      LOG.warn("a text is not counted: the tokenizers are not loaded yet");
      return Optional.empty();
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException impossible) {
      throw new IllegalStateException("loading completes with what it found", impossible);
    }
  }

  /** Waits until they are loaded: a rehearsal leaves their native library unpacked. */
  @Override
  public void close() {
    byBase.values().forEach(known -> loaded(known).ifPresent(PromptTokenizers::close));
  }
}
