package dev.polyptych.lab.bench.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polyptych.engine.denoise.EngineOptions;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.tiny.TinyModel;
import dev.polyptych.lab.bench.BenchReport;
import dev.polyptych.lab.bench.engine.EngineBench.EnginePlan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The built-in model's place is taken by a tiny one: what is measured here means nothing. */
class EngineBenchTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path model;
  @TempDir Path work;

  @BeforeEach
  void writeModel() throws IOException {
    TinyModel.write(model, List.of("film-storyboard"));
  }

  @ParameterizedTest
  @EnumSource
  void tellsWhatAJobAndItsPartsTake(EnginePlan.Way way) throws IOException {
    BenchReport report = bench(way, 1, true).run(line -> {});

    for (String name : List.of("job_seconds", "begin_seconds", "step_seconds", "decode_seconds")) {
      assertTrue(report.figures().get(name) > 0, name);
    }
    assertEquals(2, report.figures().get("steps"));
  }

  @Test
  void leavesOutDecodingWhereItIsNotAskedFor() throws IOException {
    BenchReport report = bench(EnginePlan.Way.NONE, 1, false).run(line -> {});

    assertFalse(report.figures().containsKey("decode_seconds"));
  }

  @Test
  void answersEachLineWithACallAndLeavesItsPicture() throws IOException {
    StringWriter answers = new StringWriter();

    bench(EnginePlan.Way.NONE, 2, true)
        .serve(
            new BufferedReader(new StringReader("a cat\na dog\n")), new PrintWriter(answers, true));

    List<String> lines = answers.toString().lines().toList();
    JsonNode hello = JSON.readTree(lines.getFirst());
    assertEquals(model.toString(), hello.path("folder").textValue());
    assertEquals(512, hello.path("textTokens").intValue());
    assertEquals(3, lines.size());
    assertTrue(JSON.readTree(lines.getLast()).path("seconds").doubleValue() > 0);
    assertEquals(64 * 32 * 3, Files.size(work.resolve("picture.rgb")));
    assertTrue(Files.exists(work.resolve("noise.safetensors")));
    assertTrue(Files.exists(work.resolve("latents.safetensors")));
  }

  private EngineBench bench(EnginePlan.Way way, int sheets, boolean decoding) throws IOException {
    EnginePlan plan = new EnginePlan(ModelSize.NANO, 64, 32, 2, way, 1, sheets, decoding);
    return new EngineBench(plan, EngineOptions.cpu(ComputeType.FLOAT32), work, model);
  }
}
