package dev.polyptych.dispatcher.tenant;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.polyptych.schema.error.FieldProblem;
import dev.polyptych.schema.job.TenantId;
import dev.polyptych.schema.json.FieldReader;
import dev.polyptych.store.Quotas;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads tenants from YAML, strictly: an unknown key is an error. */
public final class TenantsFile {
  private static final ObjectReader YAML =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build().reader();
  private static final int MOST_TENANTS = 1_000;
  private static final int VERSION = 1;

  private final List<FieldProblem> problems = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();
  private final Map<String, Tenant> byDigest = new HashMap<>();

  private TenantsFile() {}

  /**
   * @throws UncheckedIOException when the file can't be read
   * @throws IllegalArgumentException with all problems of the file
   */
  public static Tenants read(Path file) {
    try {
      JsonNode document = YAML.readTree(Files.readString(file));
      return new TenantsFile().tenants(document);
    } catch (JsonProcessingException malformed) {
      // The exception's message would quote the file, which may contain a key by mistake.
      int line = malformed.getLocation() == null ? 0 : malformed.getLocation().getLineNr();
      throw new IllegalArgumentException(file + " is no YAML in or before line " + line, malformed);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(file + ": " + unreadable, unreadable);
    }
  }

  private Tenants tenants(JsonNode document) {
    FieldReader fields = new FieldReader(document, "", problems);
    fields.refuseUnknown(List.of("v", "tenants"));
    fields.requiredInteger("v", VERSION, VERSION);
    List<FieldReader> listed = fields.objects("tenants", MOST_TENANTS);
    if (listed.isEmpty() && problems.isEmpty()) {
      fields.invalid("tenants", "must list at least one tenant; without one no call is possible");
    }
    listed.forEach(this::tenant);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          problems.stream()
              .map(problem -> problem.field() + " " + problem.detail())
              .collect(Collectors.joining("; ")));
    }
    return new Tenants(false, byDigest);
  }

  private void tenant(FieldReader fields) {
    fields.refuseUnknown(List.of("id", "keys", "quotas", "operator"));
    String id = fields.text("id", 64);
    if (!id.isEmpty() && !TenantId.valid(id)) {
      fields.invalid("id", TenantId.RULE);
    } else if (!id.isEmpty() && !ids.add(id)) {
      fields.invalid("id", "stands twice: " + id);
    }
    Quotas quotas = fields.object("quotas").map(TenantsFile::quotas).orElse(Quotas.UNLIMITED);
    Tenant tenant = new Tenant(id, quotas, fields.flag("operator").orElse(false));
    for (String digest : fields.texts("keys", 64)) {
      // The value may be a key by mistake. This message must not put the key into a log.
      if (!ApiKey.isDigest(digest)) {
        fields.invalid("keys", "must be SHA-256 digests; polyptych key create prints them");
      } else if (byDigest.put(digest, tenant) != null) {
        fields.invalid("keys", "has one that stands twice: " + digest);
      }
    }
  }

  private static Quotas quotas(FieldReader fields) {
    fields.refuseUnknown(
        List.of("submissionsPerSecond", "burst", "queuedJobs", "gpuSeconds", "referenceBytes"));
    Optional<Double> rate = fields.number("submissionsPerSecond", 0.001, 1e6);
    long usualBurst = (long) Math.ceil(rate.orElse(1.0));
    return new Quotas(
        decimal(rate),
        fields.integer("burst", 1, 1_000_000).orElse(usualBurst),
        whole(fields.integer("queuedJobs", 0, 100_000_000)),
        decimal(fields.number("gpuSeconds", 0.0, 1e9)),
        whole(fields.integer("referenceBytes", 0, 1L << 50)));
  }

  private static OptionalDouble decimal(Optional<Double> number) {
    return number.map(OptionalDouble::of).orElseGet(OptionalDouble::empty);
  }

  private static OptionalLong whole(Optional<Long> number) {
    return number.map(OptionalLong::of).orElseGet(OptionalLong::empty);
  }
}
