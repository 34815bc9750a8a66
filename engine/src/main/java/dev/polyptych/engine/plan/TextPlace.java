package dev.polyptych.engine.plan;

import java.util.Locale;

/** Where the text encoders are. */
public enum TextPlace {
  /** On the device. */
  RESIDENT,
  /** In host memory. They are copied to the device for a prompt that is new. */
  MOVED,
  /** In host memory, and they run on the CPU. */
  CPU,
  /** In the model's files. They are read for a prompt that is new, and freed afterwards. */
  RELEASED;

  /** As text for logs. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
