package dev.polyptych.cli.command;

import dev.polyptych.cli.audit.Audit;
import dev.polyptych.cli.audit.AuditConfig;
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
      "Proves from what Kafka and Redis hold that every job came to exactly one end, or is on its"
          + " way to it. Changes nothing; the cluster may work on meanwhile.",
      "Exit status: 0 no fault, 1 faults, which are listed, or a backend does not answer."
    })
public final class AuditCommand implements Callable<Integer> {
  @Mixin private ProcessOptions options = new ProcessOptions();

  @Option(
      names = "--accepted",
      paramLabel = "FILE",
      description =
          "Ids of jobs that clients were told to be accepted, one a line: also look for"
              + " those.")
  private Optional<Path> accepted = Optional.empty();

  @Option(names = "--settled", description = "Open jobs are faults, too: the cluster is at rest.")
  private boolean settled;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter diagnostics = spec.commandLine().getErr();
    Audit.Backends backends = AuditConfig.read(options.sources());
    AuditReport report =
        new Audit(backends, Clock.systemUTC(), diagnostics::println).run(acceptedIds());
    out.print(json ? report.json() + System.lineSeparator() : report.text());
    out.flush();
    boolean unsettled = settled && report.open() > 0;
    if (unsettled) {
      diagnostics.println(report.open() + " jobs are open, and --settled says that none is");
    }
    diagnostics.flush();
    return report.clean() && !unsettled ? 0 : 1;
  }

  private void refuse(String line) {
    throw new ParameterException(
        spec.commandLine(),
        "--accepted: '%s' is no job id; the file holds one id a line".formatted(line));
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
