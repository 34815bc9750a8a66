package dev.polyptych.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polyptych.cli.Polyptych;
import dev.polyptych.schema.config.Setting;
import dev.polyptych.schema.config.Setting.Owner;
import dev.polyptych.schema.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class SettingsCommandTest {
  private final StringWriter out = new StringWriter();

  @Test
  void aProcessHasItsOwnSettings() {
    assertEquals(0, run("settings", "dispatcher"));

    assertTrue(out.toString().contains("bindHost=127.0.0.1"), out.toString());
    assertFalse(out.toString().contains("checkpointSeconds"), out.toString());
  }

  @Test
  void programsGetEverySettingAsJson() throws IOException {
    assertEquals(0, run("settings", "--json"));

    JsonNode settings = Json.mapper().readTree(out.toString());
    List<String> keys =
        settings.valueStream().map(setting -> setting.path("key").asText()).toList();
    assertEquals(Setting.keys(Owner.BOTH), keys);
  }

  @Test
  void thePageIsPrintedAsItStandsInTheRepository() throws IOException {
    assertEquals(0, run("settings", "--markdown"));

    assertEquals(Files.readString(Path.of("../docs/settings.md")), out.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"dispatcher", "worker"})
  void theHelpOfAProcessPointsToItsSettings(String process) {
    assertEquals(0, run(process, "--help"));

    assertTrue(out.toString().contains("polyptych settings " + process), out.toString());
  }

  private int run(String... arguments) {
    CommandLine polyptych = Polyptych.commandLine();
    polyptych.setOut(new PrintWriter(out));
    return polyptych.execute(arguments);
  }
}
