package dev.polyptych.lab.bench.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polyptych.engine.denoise.EngineOptions;
import dev.polyptych.lab.bench.BenchReport;
import dev.polyptych.lab.bench.Machine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/** Seconds of a job and of its parts: text, steps, decoding. On the thread that calls. */
public final class EngineBench {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int WARM_UP = 2;

  private final EnginePlan plan;
  private final Path work;
  private final Path folder;
  private final EngineOptions options;

  /**
   * @param work where models of random weights are written, and pictures to compare
   * @param builtIn the built-in model's folder
   */
  public EngineBench(EnginePlan plan, EngineOptions options, Path work, Path builtIn)
      throws IOException {
    this.plan = plan;
    this.options = options;
    this.work = work;
    this.folder = plan.size().folder(work, builtIn);
  }

  /** Draws some to warm up, then as many as were asked for. */
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
   * Draws the prompt of each line that is read, until there are none, and answers each with one
   * JSON object on one line. The first line of all is told when the model is loaded, and says what
   * another engine needs to draw the same. Warming up is the caller's.
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

  /** Sheets of a call differ in their prompts' last word, so that no prompt is encoded already. */
  private EngineJob call(EngineArm arm, String prompt) {
    EngineJob sum = arm.draw(prompt + " 0");
    for (int i = 1; i < plan.sheets(); i++) {
      sum = sum.and(arm.draw(prompt + " " + i));
    }
    return sum;
  }

  private Map<String, String> machine(EngineArm arm) {
    Map<String, String> machine = Machine.facts();
    machine.put("device", arm.pipeline().device());
    machine.put("computeType", arm.pipeline().computeType().text());
    machine.put("threads", String.valueOf(options.threads()));
    machine.put("waitPolicy", System.getenv().getOrDefault("OMP_WAIT_POLICY", "default"));
    return machine;
  }

  private Map<String, Double> figures(List<EngineJob> calls) {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("job_seconds", median(calls, EngineJob::seconds) / plan.sheets());
    figures.put("job_cpu_seconds", median(calls, EngineJob::cpuSeconds) / plan.sheets());
    figures.put("begin_seconds", median(calls, EngineJob::beginSeconds));
    figures.put("step_seconds", median(calls, EngineJob::stepSeconds));
    if (plan.decoding()) {
      figures.put("decode_seconds", median(calls, EngineJob::decodeSeconds));
    }
    figures.put("steps", (double) plan.steps());
    return figures;
  }

  private static double median(List<EngineJob> calls, ToDoubleFunction<EngineJob> figure) {
    double[] sorted = calls.stream().mapToDouble(figure).sorted().toArray();
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }
}
