package dev.polyptych.store;

import dev.polyptych.store.objects.FileObjects;
import dev.polyptych.store.objects.ObjectStore;
import java.nio.file.Path;

class ReferencesInFilesIT extends ReferencesContract {
  @Override
  ObjectStore open(Path folder) {
    return FileObjects.open(folder);
  }
}
