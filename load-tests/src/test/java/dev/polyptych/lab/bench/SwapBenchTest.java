package dev.polyptych.lab.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polyptych.engine.tiny.TinyModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SwapBenchTest {
  @TempDir Path folder;

  @Test
  void measuresEveryTierAndEveryWayOfDrawing() throws IOException {
    List<SwapBench.Sheet> sheets = List.of(new SwapBench.Sheet(2, 4));
    BenchReport report = new SwapBench(folder, TinyModel.TINY, sheets, 2, line -> {}).run();

    List.of(
            "swap_file_seconds",
            "swap_host_seconds",
            "swap_device_branch_seconds",
            "swap_merged_seconds",
            "step_8_tokens_no_adapter_seconds",
            "step_8_tokens_branch_seconds",
            "step_8_tokens_merged_seconds")
        .forEach(name -> assertTrue(report.figures().get(name) > 0, name));
    assertEquals("prefetched_swap_in_steps_of_8_tokens", report.aims().getFirst().name());
  }

  @Test
  void printsOneObject() throws IOException {
    BenchReport report =
        new BenchReport(
            "swap",
            Map.of("processors", "2"),
            Map.of("swap_host_seconds", 0.25),
            List.of(BenchReport.Aim.below("swap", 1, 0.5)));

    JsonNode json = new ObjectMapper().readTree(report.json());

    assertEquals(0.25, json.at("/figures/swap_host_seconds").doubleValue());
    assertEquals("< 1.0", json.at("/aims/0/aim").textValue());
    assertTrue(json.at("/aims/0/met").booleanValue());
  }
}
