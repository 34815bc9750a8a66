package dev.polyptych.nano.world;

import dev.polyptych.nano.world.StatedAttributes.Position;
import dev.polyptych.nano.world.StatedAttributes.Size;
import dev.polyptych.nano.world.StatedAttributes.Weather;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The attributes that a panel's caption states.
 *
 * @param size BIG on a medium; captions do not state it there
 * @param position CENTRE on a medium; captions do not state it there
 * @param weather CLEAR on a medium
 */
public record StatedAttributes(
    Subject subject, Place place, Size size, Position position, Weather weather) {

  /**
   * @throws IllegalArgumentException if a letter is in a scene, or a medium has a size, a position
   *     or weather
   */
  public StatedAttributes {
    Objects.requireNonNull(subject, "subject");
    Objects.requireNonNull(place, "place");
    Objects.requireNonNull(size, "size");
    Objects.requireNonNull(position, "position");
    Objects.requireNonNull(weather, "weather");
    if (subject.letter() && !place.medium()) {
      throw refused(subject, place, "letters are allowed only on media: " + Place.media());
    }
    if (place.medium() && (size != Size.BIG || position != Position.CENTRE)) {
      throw refused(subject, place, "a print on a medium is BIG and in the CENTRE");
    }
    if (place.medium() && weather != Weather.CLEAR) {
      throw refused(subject, place, "only scenes have weather: " + Place.scenes());
    }
  }

  /** A subject printed on a medium. */
  public static StatedAttributes on(Place medium, Subject subject) {
    return new StatedAttributes(subject, medium, Size.BIG, Position.CENTRE, Weather.CLEAR);
  }

  private static IllegalArgumentException refused(Subject subject, Place place, String rule) {
    return new IllegalArgumentException(subject + " with " + place + " cannot be drawn: " + rule);
  }

  /** The horizontal position of the subject in a scene. */
  public enum Position {
    LEFT("at the left", 0.33),
    CENTRE("in the centre", 0.5),
    RIGHT("at the right", 0.67);

    private final String phrase;
    private final double fraction;

    Position(String phrase, double fraction) {
      this.phrase = phrase;
      this.fraction = fraction;
    }

    String phrase() {
      return phrase;
    }

    /** The subject's middle, as a fraction of the panel's width. */
    double fraction() {
      return fraction;
    }
  }

  /** The size of the subject in a scene. */
  public enum Size {
    BIG(0.76),
    SMALL(0.54);

    private final double extent;

    Size(double extent) {
      this.extent = extent;
    }

    String phrase() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The subject's longer side, as a fraction of the panel's height. */
    double extent() {
      return extent;
    }
  }

  /** The weather of a scene. */
  public enum Weather {
    CLEAR,
    /** Ochre dust drifts over the whole panel. */
    SANDSTORM
  }

  /** All combinations of stated attributes that can be drawn. */
  static final class Combinations {
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
              subject ->
                  Arrays.stream(Size.values()).flatMap(size -> placed(subject, scene, size)));
    }

    private static Stream<StatedAttributes> placed(Subject subject, Place scene, Size size) {
      return Arrays.stream(Position.values())
          .flatMap(
              position ->
                  Arrays.stream(Weather.values())
                      .map(
                          weather ->
                              new StatedAttributes(subject, scene, size, position, weather)));
    }
  }
}
