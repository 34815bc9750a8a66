package dev.polyptych.worker.publish;

import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.job.PinnedAdapter;
import dev.polyptych.schema.job.Receipt;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.schema.json.Json;
import dev.polyptych.weights.digest.ModelDigests;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes receipts. Any thread; blocks until the model's digests are known. */
public final class Receipts {
  private static final Logger LOG = LoggerFactory.getLogger(Receipts.class);

  private final String worker;
  private final Catalog catalog;

  public Receipts(String worker, Catalog catalog) {
    this.worker = worker;
    this.catalog = catalog;
  }

  /** A receipt as JSON; empty when the model's files could not be read again. */
  public Optional<byte[]> of(RenderJob job, int attempt, Provenance provenance) {
    try {
      ModelDigests model = provenance.model();
      List<Receipt.AdapterFile> adapters = named(job, provenance);
      Receipt receipt =
          new Receipt(
              1,
              job.id(),
              worker,
              attempt,
              new Receipt.ModelUsed(catalog.model(), model.together(), model.files()),
              adapters.stream().findFirst(),
              adapters,
              new Receipt.CatalogEntry(catalog.model(), job.task(), job.pins().taskDigest()),
              provenance.engine(),
              provenance.schedule(),
              job.prompt(),
              Optional.of(provenance.text()),
              job.counted(provenance.text()).repeated());
      return Optional.of(Json.bytes(receipt));
    } catch (CompletionException unreadable) {
      LOG.warn("job {} gets no receipt: {}", job.id(), unreadable.getCause().toString());
      return Optional.empty();
    }
  }

  /** The engine knows adapters by what workers keep them under; people, by their names. */
  private static List<Receipt.AdapterFile> named(RenderJob job, Provenance provenance) {
    List<PinnedAdapter> pinned = job.pins().adapters();
    return IntStream.range(0, pinned.size())
        .mapToObj(i -> provenance.adapters().get(i).named(pinned.get(i).label()))
        .toList();
  }
}
