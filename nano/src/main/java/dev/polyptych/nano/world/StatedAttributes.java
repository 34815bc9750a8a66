package dev.polyptych.nano.world;

import java.util.Objects;

/**
 * What a panel's caption says of it.
 *
 * @param size BIG on a medium, where captions say nothing of it
 * @param position CENTRE on a medium, where captions say nothing of it
 * @param weather CLEAR on a medium
 */
public record StatedAttributes(
    Subject subject, Place place, Size size, Position position, Weather weather) {

  /**
   * @throws IllegalArgumentException where a letter stands in a scene, or a medium is given a size,
   *     a position or weather
   */
  public StatedAttributes {
    Objects.requireNonNull(subject, "subject");
    Objects.requireNonNull(place, "place");
    Objects.requireNonNull(size, "size");
    Objects.requireNonNull(position, "position");
    Objects.requireNonNull(weather, "weather");
    if (subject.letter() && !place.medium()) {
      throw refused(subject, place, "letters stand on media only: " + Place.media());
    }
    if (place.medium() && (size != Size.BIG || position != Position.CENTRE)) {
      throw refused(subject, place, "what is printed on a medium is BIG and in the CENTRE");
    }
    if (place.medium() && weather != Weather.CLEAR) {
      throw refused(subject, place, "weather is for scenes only: " + Place.scenes());
    }
  }

  /** A subject printed on a medium. */
  public static StatedAttributes on(Place medium, Subject subject) {
    return new StatedAttributes(subject, medium, Size.BIG, Position.CENTRE, Weather.CLEAR);
  }

  private static IllegalArgumentException refused(Subject subject, Place place, String rule) {
    return new IllegalArgumentException(subject + " with " + place + " cannot be drawn: " + rule);
  }
}
