package dev.polyptych.nano.train;

import dev.polyptych.training.Rates;
import dev.polyptych.training.Trainable;

/** Something that learns step by step. Belongs to one thread. */
public interface Learner {
  /** What came out of a step. */
  record Outcome(double loss, double gradientNorm) {}

  /** Learns from the batch that belongs to a step. */
  Outcome learn(int step, Trainable trainable, Rates rates);
}
