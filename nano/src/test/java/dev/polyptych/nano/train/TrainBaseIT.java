package dev.polyptych.nano.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.engine.denoise.DenoiseRequest;
import dev.polyptych.engine.denoise.Denoising;
import dev.polyptych.engine.denoise.EngineOptions;
import dev.polyptych.engine.denoise.FluxPipeline;
import dev.polyptych.engine.graph.ComputeType;
import dev.polyptych.training.LossHistory;
import dev.polyptych.weights.model.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole training of a few steps; it shows that all parts fit, not that they learn much. */
class TrainBaseIT {
  private static final EngineOptions MACHINE = EngineOptions.cpu(ComputeType.FLOAT32);

  @TempDir Path folder;

  @Test
  void whatWasTrainedIsAModelThatTheEngineDrawsWith() throws IOException {
    boolean done = TrainBase.run(config(6, 4), folders("a"), MACHINE, () -> false);

    assertTrue(done);
    Path model = folder.resolve("a/model");
    assertTrue(ModelFolder.open(model).autoencoder().scaling() > 0.1);
    try (FluxPipeline pipeline = FluxPipeline.open(model, MACHINE);
        Denoising run = pipeline.start(new DenoiseRequest("a fox", 16, 32, 2, 1, 1))) {
      run.step();
      run.step();
      assertEquals(16 * 32 * 3, run.decode().rgb().length);
    }
    assertTrue(Files.size(folder.resolve("a/work/base.svg")) > 0);
  }

  @Test
  void theAutoencoderLearns() throws IOException {
    TrainBase.run(config(40, 1), folders("b"), MACHINE, () -> false);

    List<LossHistory.Point> losses = losses("b", "autoencoder").smoothed(10);
    assertTrue(
        losses.getLast().loss() < 0.8 * losses.getFirst().loss(),
        losses.getFirst() + " became " + losses.getLast());
  }

  @Test
  void aTrainingThatWasStoppedGoesOnWhereItWas() throws IOException {
    TrainBase.run(config(6, 1), folders("whole"), MACHINE, () -> false);

    AtomicInteger asked = new AtomicInteger();
    boolean done =
        TrainBase.run(config(6, 1), folders("cut"), MACHINE, () -> asked.incrementAndGet() > 3);
    assertFalse(done);
    assertTrue(TrainBase.run(config(6, 1), folders("cut"), MACHINE, () -> false));

    assertEquals(losses("whole", "autoencoder").losses(), losses("cut", "autoencoder").losses());
    assertArrayEquals(weights("whole"), weights("cut"));
  }

  @Test
  void aConfigurationThatLacksAFieldIsRefusedByItsName() throws IOException {
    Path config = config(1, 1);
    Files.writeString(config, Files.readString(config).replace("panelEdge: 16", ""));

    IOException refused =
        assertThrows(
            IOException.class, () -> TrainBase.run(config, folders("c"), MACHINE, () -> false));

    assertTrue(refused.getMessage().contains("panelEdge"), refused.getMessage());
  }

  private LossHistory losses(String run, String network) throws IOException {
    LossHistory history = new LossHistory();
    List<String> lines = Files.readAllLines(folder.resolve(run + "/work/" + network + ".csv"));
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",", -1);
      history.add(Integer.parseInt(cells[0]), Double.parseDouble(cells[2]));
    }
    return history;
  }

  private byte[] weights(String run) throws IOException {
    return Files.readAllBytes(
        folder.resolve(run + "/model/vae/diffusion_pytorch_model.safetensors"));
  }

  private TrainBase.Folders folders(String run) {
    return new TrainBase.Folders(folder.resolve(run + "/model"), folder.resolve(run + "/work"));
  }

  private Path config(int autoencoderSteps, int baseSteps) throws IOException {
    return Files.writeString(
        folder.resolve("training.yaml"),
        """
        seed: 1
        panelEdge: 16
        latentChannels: 4
        widths: [8, 8, 8, 8]
        grownFrom: null
        perceptual: 0
        scorer: none.safetensors
        captionDropout: 0.05
        fresh: 2
        agreeing: 0.5
        clean: 0.5
        autoencoder:
          {steps: %d, panels: 8, optimizer: adamw, learningRate: 5e-3, warmUp: 2, decay: 0.5, weightDecay: 0.01, clip: 1.0, average: 0.9}
        decoder:
          {steps: 2, panels: 8, optimizer: muon, learningRate: 1e-3, warmUp: 2, decay: 0.5, weightDecay: 0.01, clip: 1.0, average: 0.9}
        base:
          {steps: %d, panels: 4, optimizer: muon, learningRate: 1e-3, warmUp: 2, decay: 0.5, weightDecay: 0.01, clip: 1.0, average: 0.9}
        """
            .formatted(autoencoderSteps, baseSteps));
  }
}
