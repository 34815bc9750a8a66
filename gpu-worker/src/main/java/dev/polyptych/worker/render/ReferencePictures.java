package dev.polyptych.worker.render;

import dev.polyptych.engine.image.PictureException;
import dev.polyptych.engine.image.PictureReader;
import dev.polyptych.engine.sheet.PanelFit;
import dev.polyptych.engine.sheet.ReferenceSheet;
import dev.polyptych.engine.sheet.SheetPixels;
import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.job.Reference;
import dev.polyptych.schema.job.RenderJob;
import dev.polyptych.store.ReferenceStore;
import dev.polyptych.store.StoreUnavailableException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Fetches and decodes the pictures that jobs refer to. Blocks during calls to Redis. */
public final class ReferencePictures {
  private final ReferenceStore store;

  public ReferencePictures(ReferenceStore store) {
    this.store = store;
  }

  /**
   * The sheet of the job's references; empty for a job without references.
   *
   * @param tenant owner of the pictures
   * @throws RenderException when one has expired, can't be decoded, or Redis does not answer
   */
  Optional<ReferenceSheet> sheet(RenderJob job, String tenant) {
    if (job.references().isEmpty()) {
      return Optional.empty();
    }
    Map<Integer, SheetPixels> panels = new TreeMap<>();
    for (int i = 0; i < job.references().size(); i++) {
      Reference reference = job.references().get(i);
      panels.put(reference.panel(), fitted(job, reference, picture(tenant, i, reference.key())));
    }
    Optional<SheetPixels> background = Optional.ofNullable(panels.remove(Reference.SHEET));
    return Optional.of(ReferenceSheet.compose(job.layout(), panels, background, job.strength()));
  }

  private SheetPixels picture(String tenant, int index, String key) {
    String name = "references[" + index + "]";
    try {
      byte[] bytes = store.find(tenant, key).orElseThrow(() -> expired(name));
      return PictureReader.read(name, bytes);
    } catch (PictureException broken) {
      throw new RenderException(ErrorCode.INVALID_PICTURE, broken.getMessage(), broken);
    } catch (StoreUnavailableException away) {
      throw new RenderException(
          ErrorCode.STORE_UNAVAILABLE, name + ": the job store did not answer", away);
    }
  }

  /** Scaled right after decoding, so that at most one picture is held in its own size. */
  private static SheetPixels fitted(RenderJob job, Reference reference, SheetPixels picture) {
    return reference.panel() == Reference.SHEET
        ? PanelFit.fit(picture, job.layout().sheetWidth(), job.layout().sheetHeight())
        : PanelFit.fit(picture, job.layout().panelWidth(), job.layout().panelHeight());
  }

  private static RenderException expired(String name) {
    String remedy = "upload it again and submit the job again";
    return new RenderException(
        ErrorCode.REFERENCE_EXPIRED, name + ".key: the picture is no longer kept; " + remedy, null);
  }
}
