package dev.polyptych.nano.world;

import dev.polyptych.nano.world.StatedAttributes.Position;
import dev.polyptych.nano.world.StatedAttributes.Size;
import dev.polyptych.nano.world.StatedAttributes.Weather;
import java.util.List;
import java.util.random.RandomGenerator;

/** The stated attributes of the panels of a task's sets. */
final class TaskSets {
  private static final List<Place> PRODUCTS = List.of(Place.MUG, Place.BAG, Place.SHIRT);

  private TaskSets() {}

  static List<StatedAttributes> stated(Form task, RandomGenerator random) {
    return switch (task) {
      case FILM_STORYBOARD -> film(random);
      case VISUAL_IDENTITY_DESIGN -> identity(random);
      case FONT_DESIGN -> font(random);
      case SANDSTORM_VISUAL_EFFECT -> sandstorm(random);
      case COUPLE_PROFILE -> couple(random);
      case FREE -> throw new IllegalArgumentException("a free mixture is no task");
    };
  }

  private static List<StatedAttributes> film(RandomGenerator random) {
    Subject hero = WorldSampler.picked(Subject.emoji(), random);
    return WorldSampler.picked(3, Place.scenes(), random).stream()
        .map(scene -> FreeMixture.inScene(hero, scene, Weather.CLEAR, random))
        .toList();
  }

  private static List<StatedAttributes> identity(RandomGenerator random) {
    Subject logo = WorldSampler.picked(Subject.emoji(), random);
    return List.of(
        StatedAttributes.on(Place.PAPER, logo),
        StatedAttributes.on(WorldSampler.picked(PRODUCTS, random), logo));
  }

  private static List<StatedAttributes> font(RandomGenerator random) {
    Place medium = WorldSampler.picked(Place.media(), random);
    return WorldSampler.picked(4, Subject.letters(), random).stream()
        .map(letter -> StatedAttributes.on(medium, letter))
        .toList();
  }

  private static List<StatedAttributes> sandstorm(RandomGenerator random) {
    Subject subject = WorldSampler.picked(Subject.emoji(), random);
    Place scene = WorldSampler.picked(Place.scenes(), random);
    StatedAttributes clear = FreeMixture.inScene(subject, scene, Weather.CLEAR, random);
    return List.of(
        clear,
        new StatedAttributes(subject, scene, clear.size(), clear.position(), Weather.SANDSTORM));
  }

  private static List<StatedAttributes> couple(RandomGenerator random) {
    Place scene = WorldSampler.picked(Place.scenes(), random);
    return WorldSampler.picked(2, Subject.emoji(), random).stream()
        .map(
            subject ->
                new StatedAttributes(subject, scene, Size.BIG, Position.CENTRE, Weather.CLEAR))
        .toList();
  }
}
