package dev.polyptych.lab.command;

import dev.polyptych.lab.bench.BenchReport;
import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the report of a benchmark: for people, or as JSON. */
final class ReportOptions {
  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  void print(BenchReport report) {
    print(report, report.text());
  }

  /**
   * @param text for people, in place of the report's own
   */
  void print(BenchReport report, String text) {
    PrintWriter screen = command.commandLine().getOut();
    screen.print(json ? report.json() + System.lineSeparator() : text);
    screen.flush();
  }

  /** One line of progress, on standard error. */
  void progress(String line) {
    command.commandLine().getErr().println(line);
  }
}
