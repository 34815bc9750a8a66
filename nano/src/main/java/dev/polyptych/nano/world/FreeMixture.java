package dev.polyptych.nano.world;

import dev.polyptych.nano.world.StatedAttributes.Position;
import dev.polyptych.nano.world.StatedAttributes.Size;
import dev.polyptych.nano.world.StatedAttributes.Weather;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * The stated attributes of free mixtures: anything. In half of the sets all panels have the same
 * subject.
 */
final class FreeMixture {
  private static final double SAME_SUBJECT_SHARE = 0.5;
  private static final double LETTER_SHARE = 0.2;
  private static final double MEDIUM_SHARE = 0.2;
  private static final double SANDSTORM_SHARE = 0.2;

  private FreeMixture() {}

  static List<StatedAttributes> stated(int panels, RandomGenerator random) {
    Subject first = subject(random);
    boolean same = random.nextDouble() < SAME_SUBJECT_SHARE;
    return Stream.generate(() -> stated(same ? first : subject(random), random))
        .limit(panels)
        .toList();
  }

  static Subject subject(RandomGenerator random) {
    boolean letter = random.nextDouble() < LETTER_SHARE;
    return WorldSampler.picked(letter ? Subject.letters() : Subject.emoji(), random);
  }

  static StatedAttributes stated(Subject subject, RandomGenerator random) {
    if (subject.letter() || random.nextDouble() < MEDIUM_SHARE) {
      return StatedAttributes.on(WorldSampler.picked(Place.media(), random), subject);
    }
    boolean sandstorm = random.nextDouble() < SANDSTORM_SHARE;
    Weather weather = sandstorm ? Weather.SANDSTORM : Weather.CLEAR;
    return inScene(subject, WorldSampler.picked(Place.scenes(), random), weather, random);
  }

  /** A subject of any size at any position in a scene. */
  static StatedAttributes inScene(
      Subject subject, Place scene, Weather weather, RandomGenerator random) {
    return new StatedAttributes(
        subject,
        scene,
        WorldSampler.picked(List.of(Size.values()), random),
        WorldSampler.picked(List.of(Position.values()), random),
        weather);
  }
}
