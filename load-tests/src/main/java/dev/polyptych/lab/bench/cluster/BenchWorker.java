package dev.polyptych.lab.bench.cluster;

import dev.polyptych.lab.bench.cluster.Notices.NoticeSender;
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

/** A worker's process that reports its jobs and its partitions to the bench. */
public final class BenchWorker {
  private static final long LOOK_MILLIS = 5;

  private BenchWorker() {}

  /**
   * @param arguments the bench's port, then the worker's settings as {@code key=value}
   */
  public static void main(String[] arguments) throws Exception {
    Map<String, String> settings = new HashMap<>();
    for (String setting : List.of(arguments).subList(1, arguments.length)) {
      String[] pair = setting.split("=", 2);
      settings.put(pair[0], pair[1]);
    }
    WorkerConfig config = WorkerConfigReader.read(Settings.Sources.of(settings));
    try (NoticeSender sender =
        new NoticeSender(Integer.parseInt(arguments[0]), config.workerId())) {
      Worker worker =
          Worker.with(config)
              .engine(
                  () ->
                      new ReportingEngine(
                          FluxPanelSetEngine.source(config.engine()).open(), sender))
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(worker::close, "shutdown"));
      watch(worker, sender);
    }
  }

  /** Runs until the worker has ended. Fails if the worker failed. */
  private static void watch(Worker worker, NoticeSender sender) throws Exception {
    CompletableFuture<Void> ended = worker.ended();
    List<Integer> reported = List.of();
    while (true) {
      List<Integer> partitions = worker.partitions();
      if (!partitions.equals(reported)) {
        sender.send(new Notice.Owns(NoticeSender.now(), partitions));
        reported = partitions;
      }
      try {
        ended.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException goesOn) {
        // Poll again.
      }
    }
  }
}
