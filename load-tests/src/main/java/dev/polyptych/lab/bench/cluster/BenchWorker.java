package dev.polyptych.lab.bench.cluster;

import dev.polyptych.schema.config.Settings;
import dev.polyptych.worker.Worker;
import dev.polyptych.worker.config.WorkerConfig;
import dev.polyptych.worker.config.WorkerConfigReader;
import dev.polyptych.worker.render.flux.FluxPanelSetEngine;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A worker's process that tells the bench what it draws and which partitions it has. */
public final class BenchWorker {
  private static final long LOOK_MILLIS = 5;

  private BenchWorker() {}

  /**
   * @param arguments the bench's port, then settings of the worker as {@code key=value}
   */
  public static void main(String[] arguments) throws Exception {
    Map<String, String> settings = new HashMap<>();
    for (String setting : List.of(arguments).subList(1, arguments.length)) {
      String[] pair = setting.split("=", 2);
      settings.put(pair[0], pair[1]);
    }
    WorkerConfig config = WorkerConfigReader.read(Settings.Sources.of(settings));
    try (Journal journal = new Journal(Integer.parseInt(arguments[0]), config.workerId())) {
      Worker worker =
          Worker.start(
              config,
              () -> new JournalEngine(FluxPanelSetEngine.source(config.engine()).open(), journal));
      Runtime.getRuntime().addShutdownHook(new Thread(worker::close, "shutdown"));
      watch(worker, journal);
    }
  }

  /** Until the worker has ended; fails as it does. */
  private static void watch(Worker worker, Journal journal) throws Exception {
    CompletableFuture<Void> ended = worker.ended();
    List<Integer> told = List.of();
    while (true) {
      List<Integer> partitions = worker.partitions();
      if (!partitions.equals(told)) {
        journal.tell(new Notice.Owns(Journal.now(), partitions));
        told = partitions;
      }
      try {
        ended.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException goesOn) {
        // Another look.
      }
    }
  }
}
