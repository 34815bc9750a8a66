package dev.polyptych.nano.score;

import dev.polyptych.nano.world.OpenAttributes;
import dev.polyptych.nano.world.OpenAttributes.Accessory;
import dev.polyptych.nano.world.OpenAttributes.Shade;
import dev.polyptych.nano.world.OpenAttributes.Style;
import dev.polyptych.nano.world.OpenAttributes.Typeface;
import dev.polyptych.nano.world.Panel;
import dev.polyptych.nano.world.Place;
import dev.polyptych.nano.world.StatedAttributes;
import dev.polyptych.nano.world.StatedAttributes.Position;
import dev.polyptych.nano.world.StatedAttributes.Size;
import dev.polyptych.nano.world.StatedAttributes.Weather;
import dev.polyptych.nano.world.Subject;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What can be read from a panel, in the order of the scorer's heads. The first are stated in
 * captions, the last four are open.
 */
public enum Attribute {
  SUBJECT(Subject.class),
  PLACE(Place.class),
  SIZE(Size.class),
  POSITION(Position.class),
  /** In scenes only; a caption that does not tell of a sandstorm says that the weather is clear. */
  WEATHER(Weather.class),
  SHADE(Shade.class),
  STYLE(Style.class),
  ACCESSORY(Accessory.class),
  TYPEFACE(Typeface.class);

  private static final List<Attribute> STATED =
      Arrays.stream(values()).filter(attribute -> !attribute.isOpen()).toList();
  private static final List<Attribute> OPEN =
      Arrays.stream(values()).filter(Attribute::isOpen).toList();

  private final Class<? extends Enum<?>> type;

  Attribute(Class<? extends Enum<?>> type) {
    this.type = type;
  }

  /** Those that captions say. */
  public static List<Attribute> stated() {
    return STATED;
  }

  /** Those that captions leave open. */
  public static List<Attribute> open() {
    return OPEN;
  }

  private boolean isOpen() {
    return compareTo(SHADE) >= 0;
  }

  /** How many values it has. */
  public int choices() {
    return type.getEnumConstants().length;
  }

  /** For figures and tables: {@code subject}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it can be seen in such a panel at all. */
  public boolean showsIn(StatedAttributes stated) {
    return switch (this) {
      case SUBJECT, PLACE, SHADE, STYLE -> true;
      case SIZE, POSITION, WEATHER -> !stated.place().medium();
      case ACCESSORY -> !stated.subject().letter();
      case TYPEFACE -> stated.subject().letter();
    };
  }

  /** The panel's choice, counted from 0. */
  public int of(Panel panel) {
    return choice(value(panel));
  }

  /** One of the attribute's values as a choice. */
  int choice(Enum<?> value) {
    int choice = Arrays.asList(type.getEnumConstants()).indexOf(value);
    if (choice < 0) {
      throw new IllegalArgumentException(value + " is no " + text());
    }
    return choice;
  }

  private Enum<?> value(Panel panel) {
    StatedAttributes stated = panel.stated();
    OpenAttributes open = panel.open();
    return switch (this) {
      case SUBJECT -> stated.subject();
      case PLACE -> stated.place();
      case SIZE -> stated.size();
      case POSITION -> stated.position();
      case WEATHER -> stated.weather();
      case SHADE -> open.shade();
      case STYLE -> open.style();
      case ACCESSORY -> open.accessory();
      case TYPEFACE -> open.typeface();
    };
  }
}
