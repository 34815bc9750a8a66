package dev.polyptych.lab.bench.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polyptych.engine.denoise.EngineOptions;
import dev.polyptych.lab.bench.BenchReport;
import dev.polyptych.lab.bench.Quantiles;
import dev.polyptych.lab.bench.engine.EngineArm.EngineJob;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Measures the seconds of a job and of its parts: text, steps, decoding. Runs on the calling
 * thread.
 */
public final class EngineBench {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int WARM_UP = 2;

  private final EnginePlan plan;
  private final Path work;
  private final Path folder;
  private final EngineOptions options;

  /**
   * @param work folder for models with random weights and for pictures to compare
   * @param builtIn the built-in model's folder
   */
  public EngineBench(EnginePlan plan, EngineOptions options, Path work, Path builtIn)
      throws IOException {
    this.plan = plan;
    this.options = options;
    this.work = work;
    this.folder = plan.size().folder(work, builtIn);
  }

  /** Draws some jobs as a warm-up, then the requested number. */
  public BenchReport run(Consumer<String> progress) {
    try (EngineArm arm = EngineArm.open(plan, folder, options)) {
      List<EngineJob> calls = new ArrayList<>();
      for (int i = 0; i < WARM_UP + plan.rounds(); i++) {
        EngineJob call = call(arm, EnginePlan.PROMPT + " " + i);
        progress.accept("%s: %.4f s".formatted(i < WARM_UP ? "warm-up" : "call", call.seconds()));
        if (i >= WARM_UP) {
          calls.add(call);
        }
      }
      return new BenchReport("engine", machine(arm), figures(calls), List.of());
    }
  }

  /**
   * Draws the prompt of each line that it reads, until the input ends. It answers each line with
   * one JSON object on one line. A first line follows when the model is loaded; it contains
   * everything that another engine needs to draw the same. The caller is responsible for the
   * warm-up.
   */
  public void serve(BufferedReader requests, PrintWriter answers) throws IOException {
    try (EngineArm arm = EngineArm.open(plan, folder, options)) {
      arm.writeNoise(work);
      answers.println(hello(arm));
      for (String prompt = requests.readLine(); prompt != null; prompt = requests.readLine()) {
        EngineJob call = call(arm, prompt);
        arm.writeDrawn(work);
        answers.println(JSON.valueToTree(call).toString());
      }
    }
  }

  private ObjectNode hello(EngineArm arm) {
    ObjectNode hello = JSON.createObjectNode();
    hello
        .put("folder", folder.toString())
        .put("adapter", plan.size().adapter(folder).toString())
        .put("work", work.toString())
        .put("way", plan.way().name())
        .put("width", plan.width())
        .put("height", plan.height())
        .put("steps", plan.steps())
        .put("sheets", plan.sheets())
        .put("decoding", plan.decoding())
        .put("prompt", EnginePlan.PROMPT)
        .put("guidance", EngineArm.GUIDANCE)
        .put("textTokens", arm.pipeline().textTokens())
        .put("dtype", arm.pipeline().computeType().text())
        .put("threads", options.threads());
    machine(arm).forEach(hello.putObject("machine")::put);
    return hello;
  }

  /** The prompts of a call differ in their last word, so that no prompt is in the cache. */
  private EngineJob call(EngineArm arm, String prompt) {
    EngineJob sum = arm.draw(prompt + " 0");
    for (int i = 1; i < plan.sheets(); i++) {
      sum = sum.and(arm.draw(prompt + " " + i));
    }
    return sum;
  }

  private Map<String, String> machine(EngineArm arm) {
    Map<String, String> machine = BenchReport.thisMachine();
    machine.put("device", arm.pipeline().device());
    machine.put("computeType", arm.pipeline().computeType().text());
    machine.put("threads", String.valueOf(options.threads()));
    machine.put("waitPolicy", System.getenv().getOrDefault("OMP_WAIT_POLICY", "default"));
    return machine;
  }

  private Map<String, Double> figures(List<EngineJob> calls) {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("job_seconds", Quantiles.median(calls, EngineJob::seconds) / plan.sheets());
    figures.put("job_cpu_seconds", Quantiles.median(calls, EngineJob::cpuSeconds) / plan.sheets());
    figures.put("begin_seconds", Quantiles.median(calls, EngineJob::beginSeconds));
    figures.put("step_seconds", Quantiles.median(calls, EngineJob::stepSeconds));
    if (plan.decoding()) {
      figures.put("decode_seconds", Quantiles.median(calls, EngineJob::decodeSeconds));
    }
    figures.put("steps", (double) plan.steps());
    return figures;
  }

  /**
   * The job of the bench.
   *
   * @param width of the sheet in pixels
   * @param height of the sheet in pixels
   * @param rounds number of calls; their medians count
   * @param sheets drawn in one call, one after another
   * @param decoding false: a job ends after its last step
   */
  public record EnginePlan(
      ModelSize size,
      int width,
      int height,
      int steps,
      Way way,
      int rounds,
      int sheets,
      boolean decoding) {
    /** Any text. Random weights do not understand it. */
    static final String PROMPT = "a panel and the panel [SCENE-1] a cat [SCENE-2] the cat on a mat";

    /** How the adapter is applied. */
    public enum Way {
      NONE,
      BRANCH,
      MERGED
    }
  }
}
