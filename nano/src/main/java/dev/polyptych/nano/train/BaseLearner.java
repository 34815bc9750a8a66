package dev.polyptych.nano.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.engine.graph.Graph;
import dev.polyptych.engine.graph.TensorMap;
import dev.polyptych.engine.model.RotaryTable;
import dev.polyptych.engine.model.SeededNormal;
import dev.polyptych.nano.world.Arrangement;
import dev.polyptych.training.CleanPanels;
import dev.polyptych.training.Rates;
import dev.polyptych.training.Trainable;
import dev.polyptych.weights.model.ModelFolder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** Teaches transformer and text encoders, together, to draw sheets from prompts. */
final class BaseLearner implements Learner {
  private final ModelFolder folder;
  private final Lessons lessons;
  private final Settings settings;
  private final NDManager manager;
  private final Graph graph;
  private final RotaryTable rotary;

  /**
   * What a batch is.
   *
   * @param panels about as many a batch, whatever their arrangement
   * @param tokens image tokens along a panel's edge
   * @param clean share of the sheets with agreeing panels on which some panels are clean: they are
   *     not drawn, the others are drawn around them
   */
  record Settings(
      int panels,
      int tokens,
      double clean,
      ComputeType computeType,
      Optimizer optimizer,
      StepRandom random) {}

  BaseLearner(ModelFolder folder, Lessons lessons, Settings settings, NDManager manager) {
    this.folder = folder;
    this.lessons = lessons;
    this.settings = settings;
    this.manager = manager;
    this.graph = Graph.load("base_training", manager);
    this.rotary = new RotaryTable(folder.transformer().axes());
  }

  @Override
  public Outcome learn(int step, Trainable trainable, Rates rates) {
    RandomGenerator chance = settings.random().of(step);
    Lessons.Batch batch = lessons.next(settings.panels(), chance);
    List<Lesson> sheets = batch.lessons();
    try (NDManager work = manager.newSubManager();
        Graph.Call call = graph.call("learn")) {
      long seed = chance.nextLong();
      float[] sigmas = sigmas(sheets.size(), chance);
      with(call, batch, new Noise(seed, sigmas, drawn(batch, chance)), work)
          .withNumber(settings.computeType().torchNumber())
          .with(settings.optimizer() == Optimizer.MUON);
      float[] outcome = trainable.with(call, rates).trained(work).toFloatArray();
      return new Outcome(outcome[0], outcome[1]);
    }
  }

  /**
   * The loss at one level of noise, in float32.
   *
   * @param seed of the noise
   * @param weights to try
   */
  double loss(Lessons.Batch batch, long seed, float sigma, TensorMap weights) {
    float[] sigmas = new float[batch.lessons().size()];
    Arrays.fill(sigmas, sigma);
    try (NDManager work = manager.newSubManager();
        Graph.Call call = graph.call("loss")) {
      Noise noise = new Noise(seed, sigmas, everywhere(batch));
      return with(call, batch, noise, work).with(weights).tensor(work).toFloatArray()[0];
    }
  }

  /**
   * The noise of a batch.
   *
   * @param sigmas a level a sheet
   * @param drawn (sheets, tokens): 1 where a sheet is noisy and learnt, 0 where it is clean
   */
  private record Noise(long seed, float[] sigmas, float[] drawn) {}

  private Graph.Call with(Graph.Call call, Lessons.Batch batch, Noise noise, NDManager work) {
    List<Lesson> sheets = batch.lessons();
    NDArray clean = latents(sheets, work);
    float[] normal = new SeededNormal(noise.seed()).numbers((int) clean.getShape().size());
    return call.with(clean)
        .with(work.create(normal, clean.getShape()))
        .with(work.create(noise.sigmas()))
        .with(work.create(noise.drawn(), new Shape(sheets.size(), clean.getShape().get(1), 1)))
        .with(List.of(ids(sheets, Lesson::t5, work), ids(sheets, Lesson::clip, work)))
        .with(ends(sheets, work))
        .with(positions(batch, work))
        .withNumbers(sizes());
  }

  private float[] everywhere(Lessons.Batch batch) {
    float[] drawn = new float[batch.lessons().size() * tokens(batch.arrangement())];
    Arrays.fill(drawn, 1);
    return drawn;
  }

  private float[] drawn(Lessons.Batch batch, RandomGenerator chance) {
    float[] drawn = everywhere(batch);
    Arrangement arrangement = batch.arrangement();
    CleanPanels panels =
        new CleanPanels(
            arrangement.rows(), arrangement.columns(), settings.tokens(), settings.tokens());
    int tokens = tokens(arrangement);
    for (int i = 0; i < batch.lessons().size(); i++) {
      boolean some = batch.lessons().get(i).agreeing() && panels.several();
      if (some && chance.nextDouble() < settings.clean()) {
        System.arraycopy(panels.drawn(panels.choose(chance)), 0, drawn, i * tokens, tokens);
      }
    }
    return drawn;
  }

  private int tokens(Arrangement arrangement) {
    return arrangement.panels() * settings.tokens() * settings.tokens();
  }

  private NDArray latents(List<Lesson> sheets, NDManager work) {
    int channels = folder.transformer().channels();
    int length = sheets.getFirst().latents().length;
    FloatBuffer values = FloatBuffer.allocate(sheets.size() * length);
    sheets.forEach(sheet -> values.put(sheet.latents()));
    return work.create(values.array(), new Shape(sheets.size(), length / channels, channels));
  }

  private static NDArray ids(List<Lesson> sheets, Function<Lesson, long[]> ids, NDManager work) {
    int length = ids.apply(sheets.getFirst()).length;
    LongBuffer values = LongBuffer.allocate(sheets.size() * length);
    sheets.forEach(sheet -> values.put(ids.apply(sheet)));
    return work.create(values.array(), new Shape(sheets.size(), length));
  }

  private NDArray ends(List<Lesson> sheets, NDManager work) {
    return work.create(
        sheets.stream().mapToLong(sheet -> folder.clip().end(sheet.clip())).toArray());
  }

  private NDArray positions(Lessons.Batch batch, NDManager work) {
    Arrangement arrangement = batch.arrangement();
    int text = batch.lessons().getFirst().t5().length;
    int rows = arrangement.rows() * settings.tokens();
    int columns = arrangement.columns() * settings.tokens();
    return work.create(
        rotary.values(text, rows, columns), new Shape(2, text + rows * columns, rotary.half()));
  }

  /** Logistic of a normal: most often in the middle, where there is most to decide. */
  private static float[] sigmas(int count, RandomGenerator chance) {
    float[] sigmas = new float[count];
    for (int i = 0; i < count; i++) {
      sigmas[i] = (float) (1 / (1 + Math.exp(-chance.nextGaussian())));
    }
    return sigmas;
  }

  private long[] sizes() {
    return new long[] {
      folder.transformer().heads(),
      folder.transformer().doubleBlocks(),
      folder.transformer().singleBlocks(),
      folder.t5().heads(),
      folder.t5().layers(),
      folder.t5().buckets(),
      folder.t5().farthest(),
      folder.clip().heads(),
      folder.clip().layers()
    };
  }
}
