package dev.polyptych.lab.command;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.lab.drill.DrillKind;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class DrillCommandTest {
  @Test
  void theHelpNamesEveryDrillAndHowOftenItRuns() {
    String help = new CommandLine(new DrillCommand()).getUsageMessage().replaceAll("\\s+", " ");

    for (DrillKind kind : DrillKind.values()) {
      String text = kind.text() + "=" + kind.usual();
      assertTrue(help.contains(" " + text), text);
    }
  }
}
