package dev.polyptych.worker.render.flux;

import dev.polyptych.engine.adapter.AdapterFolder;
import dev.polyptych.engine.adapter.AdapterFolder.Stamp;
import dev.polyptych.engine.adapter.HostAdapters;
import dev.polyptych.weights.lora.AdapterException;
import dev.polyptych.weights.lora.AdapterReader;
import dev.polyptych.weights.lora.HostAdapter;
import dev.polyptych.worker.adapter.AdapterStore;
import java.util.Optional;

/**
 * Reads adapters: a digest from the folder of fetched files, a name from the model's folder. Safe
 * for all threads.
 */
final class AdapterFiles implements HostAdapters.Source {
  private final AdapterFolder folder;
  private final AdapterStore store;
  private final AdapterReader reader;

  AdapterFiles(AdapterFolder folder, AdapterStore store, AdapterReader reader) {
    this.folder = folder;
    this.store = store;
    this.reader = reader;
  }

  @Override
  public HostAdapter read(String id) {
    return AdapterStore.isDigest(id) ? fetched(id) : reader.read(folder.file(id));
  }

  /** The file of a digest never changes, and its date says when it was used. */
  @Override
  public Optional<Stamp> stamp(String id) {
    return AdapterStore.isDigest(id) ? Optional.empty() : folder.stamp(id);
  }

  /** A file with other bytes goes, so that it is fetched again. */
  private HostAdapter fetched(String digest) {
    store.used(digest);
    try {
      HostAdapter adapter = reader.read(store.file(digest));
      if (adapter.digest().equals(digest)) {
        return adapter;
      }
    } catch (AdapterException unfit) {
      if (store.intact(digest)) {
        throw unfit;
      }
    }
    store.discard(digest);
    throw new AdapterException(
        "adapter sha256:%s: its file on this worker had other bytes or was gone".formatted(digest),
        null);
  }
}
