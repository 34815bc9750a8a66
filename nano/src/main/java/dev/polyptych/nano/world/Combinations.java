package dev.polyptych.nano.world;

import java.util.Arrays;
import java.util.stream.Stream;

/** All combinations of stated attributes that can be drawn. */
final class Combinations {
  private Combinations() {}

  static Stream<StatedAttributes> all() {
    return Stream.concat(
        Place.scenes().stream().flatMap(Combinations::inScene),
        Place.media().stream()
            .flatMap(
                medium ->
                    Arrays.stream(Subject.values())
                        .map(subject -> StatedAttributes.on(medium, subject))));
  }

  private static Stream<StatedAttributes> inScene(Place scene) {
    return Subject.emoji().stream()
        .flatMap(
            subject -> Arrays.stream(Size.values()).flatMap(size -> placed(subject, scene, size)));
  }

  private static Stream<StatedAttributes> placed(Subject subject, Place scene, Size size) {
    return Arrays.stream(Position.values())
        .flatMap(
            position ->
                Arrays.stream(Weather.values())
                    .map(weather -> new StatedAttributes(subject, scene, size, position, weather)));
  }
}
