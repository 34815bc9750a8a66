package dev.polyptych.nano.world;

/** What kind of panel set: one for each task that the world knows, and free mixtures. */
public enum Form {
  /** One subject in three scenes. */
  FILM_STORYBOARD("film-storyboard"),
  /** A logo on paper, then on a mug, a bag or a shirt. */
  VISUAL_IDENTITY_DESIGN("visual-identity-design"),
  /** Four letters on one medium. */
  FONT_DESIGN("font-design"),
  /** The same scene before and in a sandstorm. */
  SANDSTORM_VISUAL_EFFECT("sandstorm-visual-effect"),
  /** Two subjects in the same scene. */
  COUPLE_PROFILE("couple-profile"),
  /** One to four panels of anything; no task of the catalog, so the base model only learns it. */
  FREE("free");

  private final String id;

  Form(String id) {
    this.id = id;
  }

  /** The task's id in the catalog; {@code free} for what is no task. */
  public String id() {
    return id;
  }
}
