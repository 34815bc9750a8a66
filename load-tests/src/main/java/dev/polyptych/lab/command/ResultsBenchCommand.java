package dev.polyptych.lab.command;

import dev.polyptych.cli.embedded.TemporaryFolder;
import dev.polyptych.embedded.RedisServer;
import dev.polyptych.embedded.S3Server;
import dev.polyptych.lab.bench.BenchReport;
import dev.polyptych.lab.bench.BenchReport.Findings;
import dev.polyptych.lab.bench.results.ResultsBench;
import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.catalog.CatalogFile;
import dev.polyptych.schema.catalog.Task;
import dev.polyptych.schema.config.ConfigException;
import dev.polyptych.schema.config.ObjectSettings;
import dev.polyptych.store.RedisConnection;
import dev.polyptych.store.SharedObjects;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code polyptych bench results}. */
@Command(
    name = "results",
    mixinStandardHelpOptions = true,
    description = {
      "Finishes jobs with sets of PNG (sheets of 1344 x 1728 pixels and their panels) as a worker"
          + " does, and reads them back: in an S3 server in this process, then in Redis. Measures"
          + " sets a second and the memory of Redis.",
      "A set takes 7 MB of the folder for temporary files, or of Redis."
    })
public final class ResultsBenchCommand implements Callable<Integer> {
  private static final String CATALOG = "flux.1-dev";

  /** One whose sheet has 1344 x 1728 pixels. */
  private static final String TASK = "home-decoration";

  private static final String BUCKET = "results";

  @Mixin private ReportOptions report = new ReportOptions();

  @Option(
      names = "--sets",
      paramLabel = "N",
      description = "Sets in the object store (default: ${DEFAULT-VALUE}).")
  private int sets = 200;

  @Option(
      names = "--redis-sets",
      paramLabel = "N",
      description = "Sets in Redis, for comparison; 0 for none (default: ${DEFAULT-VALUE}).")
  private int redisSets = 40;

  @Override
  public Integer call() throws Exception {
    if (sets < 1 || redisSets < 0) {
      throw new ConfigException(
          List.of("--sets must be at least 1, and --redis-sets must not be negative"));
    }
    Catalog catalog = CatalogFile.builtIn(CATALOG);
    Task task = catalog.task(TASK).orElseThrow();
    ResultsBench bench = new ResultsBench(catalog, task, report::progress);
    Findings objects = inObjects(bench);
    BenchReport outcome =
        redisSets == 0
            ? BenchReport.of("results", objects)
            : BenchReport.of("results", objects, inRedis(bench));
    report.print(outcome);
    return 0;
  }

  private Findings inObjects(ResultsBench bench) throws Exception {
    System.setProperty("aws.accessKeyId", S3Server.ACCESS_KEY);
    System.setProperty("aws.secretAccessKey", S3Server.SECRET_KEY);
    try (TemporaryFolder folder = TemporaryFolder.create();
        S3Server s3 = S3Server.start(BUCKET, folder.path());
        RedisServer server = RedisServer.start();
        RedisConnection redis = RedisConnection.open(server.uri());
        SharedObjects objects =
            SharedObjects.open(
                new ObjectSettings(
                    URI.create("s3://" + BUCKET + "/bench"), Optional.of(s3.endpoint())),
                redis)) {
      return bench.run(sets, redis, Optional.of(objects));
    }
  }

  private Findings inRedis(ResultsBench bench) throws InterruptedException {
    try (RedisServer server = RedisServer.start();
        RedisConnection redis = RedisConnection.open(server.uri())) {
      return bench.run(redisSets, redis, Optional.empty());
    }
  }
}
