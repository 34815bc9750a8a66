package dev.polyptych.schema.job;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How panels and sheet are encoded. */
public enum ImageFormat {
  @JsonProperty("png")
  PNG("image/png"),
  @JsonProperty("jpeg")
  JPEG("image/jpeg"),
  @JsonProperty("webp")
  WEBP("image/webp");

  private final String mediaType;

  ImageFormat(String mediaType) {
    this.mediaType = mediaType;
  }

  public String mediaType() {
    return mediaType;
  }

  /** As written in messages; also the file name extension. */
  public String text() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
