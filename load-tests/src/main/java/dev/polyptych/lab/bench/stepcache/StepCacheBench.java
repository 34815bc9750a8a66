package dev.polyptych.lab.bench.stepcache;

import com.sun.management.OperatingSystemMXBean;
import dev.polyptych.engine.adapter.Adapter;
import dev.polyptych.engine.denoise.DenoiseRequest;
import dev.polyptych.engine.denoise.Denoising;
import dev.polyptych.engine.denoise.EngineOptions;
import dev.polyptych.engine.denoise.FluxPipeline;
import dev.polyptych.lab.bench.BenchReport;
import dev.polyptych.lab.bench.stepcache.Likeness.DrawnJob;
import dev.polyptych.lab.bench.stepcache.StepCachePlan.Sheet;
import dev.polyptych.lab.bench.stepcache.StepCachePlan.Way;
import dev.polyptych.nano.evaluate.PanelPictures;
import dev.polyptych.nano.world.ContactSheet;
import dev.polyptych.schema.catalog.Task;
import java.awt.image.BufferedImage;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Draws every sheet without a cache, with each cache, and in fewer steps. The ways take turns, so
 * that other load on the machine affects all of them. Runs on the calling thread, which owns all
 * native memory.
 */
public final class StepCacheBench {
  private final StepCachePlan plan;
  private final EngineOptions options;
  private final Consumer<String> progress;
  private final List<Way> ways;
  private final List<Likeness> likenesses;
  private final List<BufferedImage> rows = new ArrayList<>();
  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  /**
   * @param progress receives a line per part
   */
  public StepCacheBench(StepCachePlan plan, EngineOptions options, Consumer<String> progress) {
    this.plan = plan;
    this.options = options;
    this.progress = progress;
    this.ways = plan.ways();
    this.likenesses = ways.stream().map(way -> new Likeness()).toList();
  }

  /**
   * Measures.
   *
   * @throws dev.polyptych.weights.lora.AdapterException if a task's adapter is not in the model's
   *     folder or does not fit it
   */
  public BenchReport run() {
    try (FluxPipeline pipeline = FluxPipeline.open(plan.model(), options)) {
      for (Task task : plan.catalog().tasks()) {
        try (Adapter adapter = pipeline.readAdapter(plan.adapter(task))) {
          pipeline.use(adapter.at(task.defaults().adapterScale()));
          measure(task, pipeline);
        } finally {
          pipeline.useNone();
        }
      }
      return new BenchReport("step-cache", machine(pipeline), figures(), List.of());
    }
  }

  /**
   * The sheets of the first seed: one row per task, in full at the left, then each way in its
   * order.
   */
  public BufferedImage picture() {
    return ContactSheet.stacked(rows, 0);
  }

  private void measure(Task task, FluxPipeline pipeline) {
    // A warm-up: the first job encodes the text and does other work that is needed only once.
    draw(pipeline, plan.whole(new Sheet(task, 0)));
    for (int seed = 1; seed <= plan.seeds(); seed++) {
      progress.accept("%s, seed %d of %d".formatted(task.id(), seed, plan.seeds()));
      List<DrawnJob> jobs = turn(pipeline, new Sheet(task, seed));
      for (int i = 0; i < ways.size(); i++) {
        likenesses.get(i).add(jobs.getFirst(), jobs.get(i + 1));
      }
      if (seed == 1) {
        List<BufferedImage> sheets =
            jobs.stream().map(job -> PanelPictures.picture(job.picture())).toList();
        rows.add(new ContactSheet(sheets.size(), 1).of(sheets));
      }
    }
  }

  /** Draws the sheet in full and in each way. Each seed begins with a different way. */
  private List<DrawnJob> turn(FluxPipeline pipeline, Sheet sheet) {
    List<DenoiseRequest> requests = new ArrayList<>(List.of(plan.whole(sheet)));
    ways.forEach(way -> requests.add(way.asked().apply(sheet)));
    DrawnJob[] jobs = new DrawnJob[requests.size()];
    for (int i = 0; i < jobs.length; i++) {
      int next = Math.floorMod(sheet.seed() + i, jobs.length);
      jobs[next] = draw(pipeline, requests.get(next));
    }
    return List.of(jobs);
  }

  private DrawnJob draw(FluxPipeline pipeline, DenoiseRequest request) {
    long cpu = system.getProcessCpuTime();
    long begin = System.nanoTime();
    try (Denoising run = pipeline.start(request)) {
      while (!run.finished()) {
        run.step();
      }
      var picture = run.decode();
      return new DrawnJob(
          (System.nanoTime() - begin) / 1e9,
          (system.getProcessCpuTime() - cpu) / 1e9,
          run.steps() - run.reusedSteps(),
          picture);
    }
  }

  private Map<String, String> machine(FluxPipeline pipeline) {
    Map<String, String> machine = BenchReport.thisMachine();
    machine.put("device", pipeline.device());
    machine.put("computeType", pipeline.computeType().text());
    machine.put("threads", String.valueOf(options.threads()));
    return machine;
  }

  private Map<String, Double> figures() {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("jobs", (double) plan.seeds() * plan.catalog().tasks().size());
    for (int i = 0; i < ways.size(); i++) {
      figures.putAll(likenesses.get(i).figures(ways.get(i).name() + "_"));
    }
    return figures;
  }
}
