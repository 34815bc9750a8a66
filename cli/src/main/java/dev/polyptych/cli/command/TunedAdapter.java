package dev.polyptych.cli.command;

import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.training.tune.CatalogEntry;
import dev.polyptych.training.tune.Tuning;
import dev.polyptych.training.tune.TuningFiles;
import dev.polyptych.training.tune.TuningJob;
import dev.polyptych.weights.model.ModelFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Describes a tuned adapter: on the screen, in its header, in a catalog. */
final class TunedAdapter {
  private final TuningJob job;
  private final TuningFiles files;
  private final Catalog catalog;
  private final Task task;
  private final long begin = System.nanoTime();

  TunedAdapter(TuningJob job, TuningFiles files, Catalog catalog, Task task) {
    this.job = job;
    this.files = files;
    this.catalog = catalog;
    this.task = task;
  }

  /** What this run is about to do. */
  String begin() {
    return "%s: rank %d on %d layers, %d sets to train on, %d held out, sheets of %d x %d pixels"
        .formatted(
            task.id(),
            job.options().rank(),
            job.layers().size(),
            job.sets().training().size(),
            job.sets().validation().size(),
            task.layout().sheetWidth(),
            task.layout().sheetHeight());
  }

  /** For the file's header. */
  Map<String, String> metadata() {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("polyptych.task", task.id());
    metadata.put("polyptych.model", catalog.model());
    metadata.put("polyptych.rank", Integer.toString(job.options().rank()));
    metadata.put("polyptych.steps", Integer.toString(job.options().steps()));
    metadata.put("polyptych.clean-panels", Double.toString(job.options().cleanPanels()));
    metadata.put("polyptych.sets", Integer.toString(job.sets().training().size()));
    return metadata;
  }

  /**
   * Writes the catalog entry, and prints what was made and how to use it.
   *
   * @param file the catalog to update; without one, the entry is written beside the adapter
   */
  void announce(Tuning.Result result, Optional<Path> file, PrintWriter screen) {
    CatalogEntry entry = new CatalogEntry(catalog, task, files.name());
    Path written = file.orElseGet(files::catalog);
    if (file.isPresent()) {
      entry.update(written);
    } else {
      entry.writeAlone(written);
    }
    screen.println(summary(result));
    screen.println("losses   " + files.curve());
    screen.println("catalog  " + written);
    if (file.isEmpty()) {
      screen.print(entry.yaml());
    }
    screen.println(
        "try it   polyptych engine --model %s --catalog %s --task %s --adapter %s"
            .formatted(job.model(), written, task.id(), files.adapter()));
    screen.println("         a worker finds it in %s".formatted(ModelFile.adapters(job.model())));
  }

  private String summary(Tuning.Result result) {
    String validation =
        result.validation().isPresent()
            ? String.format(Locale.ROOT, ", validation %.4f", result.validation().getAsDouble())
            : "";
    return String.format(
        Locale.ROOT,
        "adapter  %s: %.1f MB, %d steps, %s, loss %.4f%s",
        files.adapter(),
        size() / 1e6,
        result.steps(),
        TuningProgress.clock(Duration.ofNanos(System.nanoTime() - begin)),
        result.loss().orElse(Double.NaN),
        validation);
  }

  private long size() {
    try {
      return Files.size(files.adapter());
    } catch (IOException gone) {
      throw new UncheckedIOException("can't find " + files.adapter() + " again", gone);
    }
  }
}
