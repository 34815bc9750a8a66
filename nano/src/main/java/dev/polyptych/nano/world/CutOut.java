package dev.polyptych.nano.world;

import java.awt.image.BufferedImage;

/**
 * A subject ready to be laid on a background.
 *
 * @param picture with transparency, and a margin for the contour all around
 * @param margin pixels a side around the subject's bounding box
 */
record CutOut(BufferedImage picture, int margin) {

  /** Of the subject's bounding box, in pixels. */
  int width() {
    return picture.getWidth() - 2 * margin;
  }

  /** Of the subject's bounding box, in pixels. */
  int height() {
    return picture.getHeight() - 2 * margin;
  }
}
