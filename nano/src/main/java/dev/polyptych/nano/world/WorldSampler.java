package dev.polyptych.nano.world;

import dev.polyptych.nano.world.OpenAttributes.Accessory;
import dev.polyptych.nano.world.OpenAttributes.Shade;
import dev.polyptych.nano.world.OpenAttributes.Style;
import dev.polyptych.nano.world.OpenAttributes.Typeface;
import dev.polyptych.nano.world.Side.HeldOut;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Draws random panels and panel sets of one side. The same random source gives the same panels. */
public final class WorldSampler {
  private static final List<Arrangement> FREE_ARRANGEMENTS =
      List.of(
          new Arrangement(1, 1),
          new Arrangement(2, 1),
          new Arrangement(1, 2),
          new Arrangement(3, 1),
          new Arrangement(2, 2));
  private static final List<Form> TASKS =
      Stream.of(Form.values()).filter(form -> form != Form.FREE).toList();
  private static final double FREE_SHARE = 0.5;

  private final Side side;

  /**
   * @param side the combinations that it draws
   */
  public WorldSampler(Side side) {
    this.side = side;
  }

  /** A set for base training: a task or a free mixture with drifting open attributes. */
  public PanelSet base(RandomGenerator random) {
    return base(Constancy.DRIFTING, random);
  }

  /** A set for base training, whose open attributes hang together so. */
  public PanelSet base(Constancy constancy, RandomGenerator random) {
    boolean free = random.nextDouble() < FREE_SHARE;
    return set(free ? Form.FREE : picked(TASKS, random), constancy, random);
  }

  /** A set of one form. A free mixture has a random arrangement. */
  public PanelSet set(Form form, Constancy constancy, RandomGenerator random) {
    while (true) {
      PanelSet set = anySet(form, constancy, random);
      if (side.takes(set)) {
        return set;
      }
    }
  }

  /** A single panel. */
  public Panel panel(RandomGenerator random) {
    while (true) {
      StatedAttributes stated = FreeMixture.stated(FreeMixture.subject(random), random);
      if (HeldOut.contains(stated.subject(), stated.place()) == (side == Side.HELD_OUT)) {
        return new Panel(stated, open(random));
      }
    }
  }

  private static PanelSet anySet(Form form, Constancy constancy, RandomGenerator random) {
    Arrangement arrangement = arrangement(form, random);
    List<StatedAttributes> stated =
        form == Form.FREE
            ? FreeMixture.stated(arrangement.panels(), random)
            : TaskSets.stated(form, random);
    Supplier<OpenAttributes> opens = opens(constancy, random);
    List<Panel> panels = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (StatedAttributes each : stated) {
      Panel panel = new Panel(each, opens.get());
      panels.add(panel);
      texts.add(PanelCaptions.text(panel, random));
    }
    String prompt =
        SetPrompts.text(form, stated.getFirst().subject(), stated.getLast().subject(), random);
    return new PanelSet(form, arrangement, prompt, panels, texts);
  }

  private static Arrangement arrangement(Form form, RandomGenerator random) {
    return switch (form) {
      case FILM_STORYBOARD -> new Arrangement(3, 1);
      case SANDSTORM_VISUAL_EFFECT -> new Arrangement(2, 1);
      case VISUAL_IDENTITY_DESIGN, COUPLE_PROFILE -> new Arrangement(1, 2);
      case FONT_DESIGN -> new Arrangement(2, 2);
      case FREE -> picked(FREE_ARRANGEMENTS, random);
    };
  }

  private static Supplier<OpenAttributes> opens(Constancy constancy, RandomGenerator random) {
    return switch (constancy) {
      case DRIFTING -> () -> open(random);
      case AGREEING -> {
        OpenAttributes once = open(random);
        yield () -> once;
      }
      case PARTLY_AGREEING -> {
        OpenAttributes once = open(random);
        boolean[] agrees = new boolean[4];
        for (int i = 0; i < agrees.length; i++) {
          agrees[i] = random.nextBoolean();
        }
        yield () -> partly(once, agrees, open(random));
      }
    };
  }

  private static OpenAttributes partly(OpenAttributes once, boolean[] agrees, OpenAttributes anew) {
    return new OpenAttributes(
        (agrees[0] ? once : anew).shade(),
        (agrees[1] ? once : anew).style(),
        (agrees[2] ? once : anew).accessory(),
        (agrees[3] ? once : anew).typeface());
  }

  private static OpenAttributes open(RandomGenerator random) {
    return new OpenAttributes(
        picked(List.of(Shade.values()), random),
        picked(List.of(Style.values()), random),
        picked(List.of(Accessory.values()), random),
        picked(List.of(Typeface.values()), random));
  }

  static <T> T picked(List<T> choices, RandomGenerator random) {
    return choices.get(random.nextInt(choices.size()));
  }

  /** Picks distinct choices in random order. */
  static <T> List<T> picked(int count, List<T> choices, RandomGenerator random) {
    List<T> left = new ArrayList<>(choices);
    List<T> picked = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      picked.add(left.remove(random.nextInt(left.size())));
    }
    return picked;
  }
}
