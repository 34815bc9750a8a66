package dev.polyptych.training.tune;

/** Is told how tuning goes, on its thread. */
public interface TuningListener {
  /** After every step. */
  void stepped(int step, double loss);

  /** Loss over the sets held out. */
  void validated(int step, double loss);

  /** A checkpoint of this step is on disk, and the curve drawn anew. */
  void saved(int step);
}
