package dev.polyptych.schema.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.polyptych.schema.catalog.TextReading;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Everything needed to draw a done job again. The result is bit-identical with the same versions,
 * the same kind of device and the same way to apply the adapter. Otherwise it is close. All digests
 * are SHA-256 in hexadecimal. The request names its references by digest.
 *
 * @param worker id of the worker that drew the job
 * @param prompt the prompt from the task's template, as the text encoders read it
 * @param text how much of the prompt they read
 * @param adapter the first of {@code adapters}, for readers of the version before; empty if the
 *     base drew alone
 * @param adapters all that drew, in order; their effects add up
 * @param request draws the same set if it is submitted again; holds all defaults of the task
 */
public record Receipt(
    @JsonProperty("v") int version,
    String job,
    String worker,
    int attempt,
    ModelUsed model,
    Optional<AdapterFile> adapter,
    List<AdapterFile> adapters,
    CatalogEntry catalogEntry,
    EngineUsed engine,
    NoiseSchedule schedule,
    String prompt,
    Optional<TextReading> text,
    JobRequest request) {
  public Receipt {
    adapters = adapters == null ? adapter.stream().toList() : List.copyOf(adapters);
  }

  /**
   * The weights and configurations that were loaded.
   *
   * @param digest of {@code files} as {@code sha256sum} would list them, in the order of their
   *     paths
   * @param files digest of each file by its path below the model's folder
   */
  public record ModelUsed(String name, String digest, Map<String, String> files) {
    public ModelUsed {
      files = Collections.unmodifiableMap(new TreeMap<>(files));
    }
  }

  /**
   * A LoRA.
   *
   * @param id its name, with the version that was pinned if it is registered
   * @param digest of its file
   * @param way {@code branch} beside the base or {@code merged} into it; they round differently
   * @param scale its strength, 1 as tuned
   */
  public record AdapterFile(String id, String digest, String way, double scale) {
    public AdapterFile named(String other) {
      return new AdapterFile(other, digest, way, scale);
    }
  }

  /**
   * @param digest of the task as {@code GET /v1/tasks} writes it
   */
  public record CatalogEntry(String catalog, String task, String digest) {}

  /**
   * The programs and the device.
   *
   * @param versions of {@code polyptych}, {@code djl} and {@code pytorch}
   * @param computeType the dtype that the transformer computes in
   * @param threads of one operation where the device is a CPU
   */
  public record EngineUsed(
      Map<String, String> versions, String device, String computeType, int threads) {
    public EngineUsed {
      versions = Collections.unmodifiableMap(new TreeMap<>(versions));
    }
  }

  /**
   * How the noise was removed.
   *
   * @param sampler by its usual name
   * @param shift factor by which the sheet's size shifted the schedule
   * @param sigmas noise level before each step, then 0
   * @param stepCache empty: every step was computed whole
   */
  public record NoiseSchedule(
      String sampler, double shift, List<Double> sigmas, Optional<StepCacheUsed> stepCache) {
    public NoiseSchedule {
      sigmas = List.copyOf(sigmas);
    }
  }

  /**
   * How steps reused the results of earlier steps.
   *
   * @param method {@code first-block} or {@code teacache}
   * @param threshold distance of two steps; below it, the later step reuses results
   * @param resumedAfter steps that the worker skipped thanks to a checkpoint; unless 0, a run
   *     without interruption reuses other steps, so its bits differ
   */
  public record StepCacheUsed(String method, double threshold, int resumedAfter) {}
}
