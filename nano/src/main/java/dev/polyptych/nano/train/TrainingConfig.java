package dev.polyptych.nano.train;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.polyptych.training.LearningRate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a training of nano hangs on: a YAML file with all of these fields.
 *
 * @param seed of weights, sheets, noise and order
 * @param panelEdge pixels of a panel's edge
 * @param latentChannels of the autoencoder
 * @param widths channels of the autoencoder at each resolution, finest first
 * @param grownFrom file of a smaller autoencoder's weights that training begins with, or null
 * @param perceptual weight of a scorer's features in the autoencoder's loss; 0: none
 * @param scorer file of that scorer; a relative path starts where the training does
 * @param captionDropout share of the sheets that are learnt with an empty prompt
 * @param fresh one in so many sheets that the base learns is painted and encoded anew, the others
 *     were learnt before
 * @param agreeing share of the sheets that the base learns whose panels agree in some of what
 *     captions leave open
 * @param clean share of those on which some panels are clean, and the others learnt around them
 * @param autoencoder what latents and pictures hang on
 * @param decoder goes on with the decoder alone, so that latents stay; no steps: is left out
 */
record TrainingConfig(
    long seed,
    int panelEdge,
    int latentChannels,
    List<Integer> widths,
    Optional<Path> grownFrom,
    double perceptual,
    Path scorer,
    double captionDropout,
    int fresh,
    double agreeing,
    double clean,
    Stage autoencoder,
    Stage decoder,
    Stage base) {
  TrainingConfig {
    widths = List.copyOf(widths);
  }

  /**
   * One of the trainings.
   *
   * @param panels about as many a batch
   * @param optimizer what moves its matrices
   * @param learningRate after warm-up
   * @param warmUp steps
   * @param decay share of the steps over which the rate falls, at the end
   * @param average share of the old value in the moving average of the weights
   */
  record Stage(
      int steps,
      int panels,
      Optimizer optimizer,
      double learningRate,
      int warmUp,
      double decay,
      double weightDecay,
      double clip,
      double average) {
    TrainingPlan plan() {
      return new TrainingPlan(
          new LearningRate(learningRate, warmUp, steps, decay), weightDecay, clip, average);
    }
  }

  /**
   * Reads a file.
   *
   * @throws IOException if it can't be read, lacks a field or has one too many; the message names
   *     it
   */
  static TrainingConfig read(Path file) throws IOException {
    YAMLMapper mapper = new YAMLMapper();
    mapper.registerModule(new Jdk8Module());
    mapper.enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);
    mapper.enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);
    return mapper.readValue(file.toFile(), TrainingConfig.class);
  }
}
