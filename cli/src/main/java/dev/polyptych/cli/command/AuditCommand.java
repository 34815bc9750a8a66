package dev.polyptych.cli.command;

import dev.polyptych.cli.audit.Audit;
import dev.polyptych.cli.audit.AuditReport;
import dev.polyptych.schema.job.JobId;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code polyptych audit}. */
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    description = {
      "Checks in Kafka and Redis that every job has come to exactly one end, or is on its way to"
          + " one. Without --repair it changes nothing; the cluster may work meanwhile.",
      "Exit status: 0 no fault; 1 faults, which are listed, or a backend does not answer."
    })
public final class AuditCommand implements Callable<Integer> {
  @Mixin private ProcessOptions options = new ProcessOptions();

  @Option(
      names = "--accepted",
      paramLabel = "FILE",
      description = "Also look for these jobs: ids that clients received with a 202, one per line.")
  private Optional<Path> accepted = Optional.empty();

  @Option(
      names = "--settled",
      description = "Open jobs are faults, too. For a cluster without work.")
  private boolean settled;

  @Option(
      names = "--repair",
      description =
          "Take up lost and stranded jobs: their states are made anew from Kafka, or they get new"
              + " records. Dispatchers do this by themselves; use it where none runs. Needs the"
              + " setting catalog. Then audits again.")
  private boolean repair;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter diagnostics = spec.commandLine().getErr();
    Audit.Backends backends = Audit.Backends.read(options.sources());
    Audit audit = new Audit(backends, Clock.systemUTC(), diagnostics::println);
    AuditReport report = audit.run(acceptedIds());
    if (repair) {
      audit.repair(report, Audit.Backends.catalog(options.sources()));
      report = audit.run(acceptedIds());
    }
    out.print(json ? report.json() + System.lineSeparator() : report.text());
    out.flush();
    boolean unsettled = settled && report.open() > 0;
    if (unsettled) {
      diagnostics.println(report.open() + " jobs are open; --settled allows none");
    }
    diagnostics.flush();
    return report.clean() && !unsettled ? 0 : 1;
  }

  private void refuse(String line) {
    throw new ParameterException(
        spec.commandLine(),
        "--accepted: '%s' is no job id; the file needs one id per line".formatted(line));
  }

  private List<String> acceptedIds() throws IOException {
    if (accepted.isEmpty()) {
      return List.of();
    }
    try (var lines = Files.lines(accepted.get())) {
      List<String> ids = lines.map(String::strip).filter(line -> !line.isEmpty()).toList();
      ids.stream().filter(id -> !JobId.valid(id)).findFirst().ifPresent(this::refuse);
      return ids;
    }
  }
}
