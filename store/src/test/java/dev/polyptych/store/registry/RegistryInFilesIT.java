package dev.polyptych.store.registry;

import dev.polyptych.store.objects.FileObjects;
import dev.polyptych.store.objects.ObjectStore;
import java.nio.file.Path;

class RegistryInFilesIT extends RegistryContract {
  @Override
  ObjectStore open(Path folder) {
    return FileObjects.open(folder);
  }
}
