package dev.polyptych.nano.blueprint;

import java.util.List;

/** A folder of nano's layout with a small vocabulary, as the golden script expects it. */
final class Sample {
  static final NanoSize SIZE = NanoSize.of(8, List.of(8, 16, 32, 64));

  /** Some of them begin or end like others, so that merges could get in each other's way. */
  static final List<String> WORDS =
      List.of(
          "a",
          "an",
          "and",
          "ant",
          "at",
          "balloon",
          "band",
          "big",
          "bottom",
          "fox",
          "foxglove",
          "in",
          "left",
          "lion",
          "meadow",
          "moon",
          "on",
          "onion",
          "pond",
          "right",
          "the",
          "then",
          "there",
          "it's",
          "A",
          "K",
          "Snow",
          ",");

  private Sample() {}
}
