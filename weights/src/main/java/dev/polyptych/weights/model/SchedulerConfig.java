package dev.polyptych.weights.model;

import java.util.List;
import java.util.Set;

/**
 * The flow-match Euler scheduler's settings ({@code scheduler/scheduler_config.json}).
 *
 * @param dynamic whether the shift depends on the number of image tokens (FLUX.1-dev) or is always
 *     {@code shift} (schnell)
 * @param baseShift shift for {@code baseTokens} tokens; {@code maxShift} is that for {@code
 *     maxTokens}; other numbers lie on the line through both, without clamping
 */
public record SchedulerConfig(
    boolean dynamic,
    double shift,
    double baseShift,
    double maxShift,
    int baseTokens,
    int maxTokens) {
  private static final List<String> UNSUPPORTED =
      List.of(
          "use_karras_sigmas",
          "use_exponential_sigmas",
          "use_beta_sigmas",
          "invert_sigmas",
          "stochastic_sampling");

  static SchedulerConfig read(ConfigFile file) {
    file.oneOf("_class_name", "(absent)", Set.of("FlowMatchEulerDiscreteScheduler"));
    file.oneOf("time_shift_type", "exponential", Set.of("exponential"));
    for (String field : UNSUPPORTED) {
      if (file.flag(field, false)) {
        throw file.wrong(field, "false");
      }
    }
    if (file.has("shift_terminal")) {
      throw file.wrong("shift_terminal", "null");
    }
    return new SchedulerConfig(
        file.flag("use_dynamic_shifting", false),
        file.number("shift", 1),
        file.number("base_shift", 0.5),
        file.number("max_shift", 1.15),
        file.positive("base_image_seq_len", 256),
        file.positive("max_image_seq_len", 4096));
  }
}
