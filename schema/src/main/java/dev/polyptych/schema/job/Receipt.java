package dev.polyptych.schema.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a done job was drawn with, so that it can be drawn again: to the same bits by the same
 * versions on the same kind of device with the adapter applied alike, closely elsewhere. All
 * digests are SHA-256 in hexadecimal; the request's references are named by theirs.
 *
 * @param worker who drew it
 * @param prompt the one that the task's template made, as the text encoders read it
 * @param request draws the same set when it is submitted again; all that the task would fill in is
 *     filled in
 */
public record Receipt(
    @JsonProperty("v") int version,
    String job,
    String worker,
    int attempt,
    BaseModel model,
    AdapterFile adapter,
    CatalogEntry catalogEntry,
    EngineUsed engine,
    NoiseSchedule schedule,
    String prompt,
    JobRequest request) {

  /**
   * The weights and configurations that were loaded.
   *
   * @param digest of {@code files} as {@code sha256sum} would list them, in the order of their
   *     paths
   * @param files digest of each file by its path below the model's folder
   */
  public record BaseModel(String name, String digest, Map<String, String> files) {
    public BaseModel {
      files = Collections.unmodifiableMap(new TreeMap<>(files));
    }
  }

  /**
   * The task's LoRA.
   *
   * @param digest of its file
   * @param way {@code branch} beside the base or {@code merged} into it; they round differently
   * @param scale its strength, 1 as tuned
   */
  public record AdapterFile(String id, String digest, String way, double scale) {}

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
   * How noise was taken away.
   *
   * @param sampler by its usual name
   * @param shift factor by which the sheet's size shifted the schedule
   * @param sigmas noise level before each step, and 0
   * @param stepCache empty: every step was computed whole
   */
  public record NoiseSchedule(
      String sampler, double shift, List<Double> sigmas, Optional<StepCacheUsed> stepCache) {
    public NoiseSchedule {
      sigmas = List.copyOf(sigmas);
    }
  }

  /**
   * By what steps reused what an earlier one had computed.
   *
   * @param method {@code first-block} or {@code teacache}
   * @param threshold distance of two steps below which the later one reused
   * @param resumedAfter steps that a checkpoint had spared the worker; unless 0, the same job drawn
   *     in one go reuses other steps, so its bits differ
   */
  public record StepCacheUsed(String method, double threshold, int resumedAfter) {}
}
