package dev.polyptych.cli.command;

import dev.polyptych.schema.job.JobEvent;
import java.io.Console;
import java.io.PrintWriter;

/**
 * Shows a job's events: on a terminal one line that is redrawn, elsewhere (logs) a line per state.
 */
final class ProgressBar {
  private static final int WIDTH = 30;

  private final PrintWriter out;
  private final boolean terminal;
  private String shown = "";

  ProgressBar(PrintWriter out) {
    this(out, onTerminal());
  }

  ProgressBar(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  @SuppressWarnings("SystemConsoleNull") // it does return null where output goes to a file
  static boolean onTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  void show(JobEvent event) {
    String text = event.state().text();
    if (terminal) {
      int filled = event.steps() == 0 ? 0 : WIDTH * event.step() / event.steps();
      String bar = "█".repeat(filled) + "░".repeat(WIDTH - filled);
      out.printf("\r%s %2d/%d steps  %-10s", bar, event.step(), event.steps(), text);
    } else if (!text.equals(shown)) {
      out.printf("%s %d/%d steps%n", text, event.step(), event.steps());
    }
    if (terminal && event.state().terminal()) {
      out.println();
    }
    shown = text;
    out.flush();
  }
}
