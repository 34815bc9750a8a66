package dev.polyptych.nano.world;

/** Where in a scene the subject stands, sideways. */
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
