package dev.polyptych.cli.command;

import java.time.OffsetDateTime;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code polyptych dead purge}. */
@Command(
    name = "purge",
    mixinStandardHelpOptions = true,
    description = "Deletes the dead letters written before a time.")
final class DeadPurgeCommand implements Callable<Integer> {
  @Mixin private DeadOptions options = new DeadOptions();

  @Option(
      names = "--before",
      required = true,
      paramLabel = "TIME",
      description = "RFC 3339, for example 2026-11-30T18:00:00Z.")
  private OffsetDateTime before;

  @Override
  public Integer call() throws Exception {
    long purged = options.topic().purge(before.toInstant());
    if (options.json()) {
      options.printJson(Map.of("purged", purged));
    } else {
      options.print(purged + " dead letters purged");
    }
    return 0;
  }
}
