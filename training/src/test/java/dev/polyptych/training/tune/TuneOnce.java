package dev.polyptych.training.tune;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Writes an adapter with a header whose order the JVM would choose anew at each start. */
final class TuneOnce {
  static final Tuning.Listener SILENT =
      new Tuning.Listener() {
        @Override
        public void stepped(int step, double loss) {}

        @Override
        public void validated(int step, double loss) {}

        @Override
        public void saved(int step) {}
      };

  private TuneOnce() {}

  public static void main(String... arguments) {
    AdapterTrainer.MatrixPair pair =
        new AdapterTrainer.MatrixPair(1, 1, 1, new float[] {1}, new float[] {2});
    Map<String, String> metadata =
        Map.of("a", "1", "b", "2", "c", "3", "d", "4", "e", "5", "f", "6", "g", "7", "h", "8");
    new Tuning(
            new FakeTrainer(Map.of("single_transformer_blocks.0.proj_mlp", pair)),
            new TuningFiles(Path.of(arguments[0])),
            new Tuning.Plan(2, 2, false),
            metadata,
            SILENT)
        .run(() -> false);
  }

  /** Returns the adapter that another JVM wrote. */
  static Path inAnotherJvm(Path adapter) throws IOException, InterruptedException {
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                TuneOnce.class.getName(),
                adapter.toString())
            .inheritIO()
            .start();
    assertEquals(0, java.waitFor());
    return adapter;
  }
}
