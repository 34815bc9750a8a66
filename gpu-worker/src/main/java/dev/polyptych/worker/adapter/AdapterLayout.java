package dev.polyptych.worker.adapter;

import dev.polyptych.worker.model.safetensors.SafetensorsFile;
import java.util.List;

/** One way in which trainers spell the keys of a LoRA file. */
interface AdapterLayout {
  /** Whether a file is spelled this way; a look at its keys, no check. */
  boolean recognises(SafetensorsFile file);

  /**
   * The pairs of a file, in its order. Every key must belong to one.
   *
   * @throws AdapterException naming the first key that belongs to none or lacks its counterpart
   */
  List<LowRankPair> pairs(SafetensorsFile file);
}
