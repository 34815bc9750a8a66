package dev.polyptych.dispatcher.registry;

import dev.polyptych.schema.catalog.Catalog;
import dev.polyptych.schema.registry.BaseDeclaration;
import dev.polyptych.schema.registry.BaseVersion;
import dev.polyptych.store.registry.Registry;
import dev.polyptych.store.registry.RegistryView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The bases whose jobs a dispatcher accepts: that of its catalog, and all that the registry
 * declares. Safe for all threads.
 */
public final class Bases {
  private final Catalog own;
  private final int usualPartitions;
  private final Optional<Registry> registry;
  private volatile Known known;

  /** As of an edition of the registry. */
  private record Known(
      String edition, Map<String, Catalog> catalogs, Map<String, Integer> partitions) {}

  /**
   * @param own the catalog that the dispatcher was started with
   * @param usualPartitions of each lane of a base that is not declared with another number
   * @param registry empty without an object store
   */
  public Bases(Catalog own, int usualPartitions, Optional<Registry> registry) {
    this.own = own;
    this.usualPartitions = usualPartitions;
    this.registry = registry;
    this.known = known("", List.of());
  }

  /** The catalog that the dispatcher was started with. */
  public Catalog own() {
    return own;
  }

  /**
   * The ids, after a look at the registry. Blocks.
   *
   * @throws dev.polyptych.store.StoreUnavailableException when Redis does not answer
   */
  public Set<String> look() {
    registry.ifPresent(index -> catalogs(index.view()));
    return ids();
  }

  /** Whether it is one of them. Asks the registry, and blocks, if the last look did not see it. */
  public boolean contains(String base) {
    return ids().contains(base) || look().contains(base);
  }

  /** The ids as of the last look. */
  public Set<String> ids() {
    return known.catalogs().keySet();
  }

  /** Numbers of partitions of each base's lanes as of the last look. */
  public Map<String, Integer> partitions() {
    return known.partitions();
  }

  /** By id: the dispatcher's own catalog, and empty catalogs of the other bases. */
  Map<String, Catalog> catalogs(RegistryView view) {
    Known latest = known;
    if (!latest.edition().equals(view.edition())) {
      latest = known(view.edition(), view.bases());
      known = latest;
    }
    return latest.catalogs();
  }

  private Known known(String edition, List<BaseVersion> declared) {
    Map<String, Catalog> catalogs = new LinkedHashMap<>();
    Map<String, Integer> partitions = new LinkedHashMap<>();
    catalogs.put(own.model(), own);
    partitions.put(own.model(), usualPartitions);
    for (BaseVersion version : declared) {
      BaseDeclaration base = version.base();
      catalogs.putIfAbsent(base.id(), catalog(base));
      partitions.put(base.id(), base.partitions().orElse(usualPartitions));
    }
    return new Known(edition, catalogs, partitions);
  }

  private static Catalog catalog(BaseDeclaration base) {
    return new Catalog(
        Catalog.VERSION,
        base.id(),
        base.note(),
        base.largestSheetPixels(),
        base.tokenEdge(),
        Optional.of(base.conditions()),
        base.guided(),
        List.of());
  }
}
