package dev.polyptych.lab.drill;

/** Which drill is of which kind. */
final class Drills {
  private Drills() {}

  static Drill of(DrillKind kind, Stage stage) {
    Backends backends = stage.backends();
    return switch (kind) {
      case KILL -> new KillDrill(stage);
      case ZOMBIE -> new ZombieDrill(stage);
      case DISPATCHER -> new DispatcherDrill(stage);
      case REDIS -> new ShockDrill(stage, backends::restartRedis);
      case BROKER -> new ShockDrill(stage, backends::restartBroker);
      case CUT -> new ShockDrill(stage, () -> cut(stage.wires()));
      case SLOW -> new SlowDrill(stage);
      case MEMORY -> new MemoryDrill(stage);
      case POISON -> new PoisonDrill(stage);
      case SKEW -> new SkewDrill(stage, SkewDrill.library().orElseThrow(Drills::noLibrary));
    };
  }

  private static void cut(Stage.Wires wires) {
    wires.broker().cut();
    wires.redis().cut();
  }

  private static IllegalStateException noLibrary() {
    return new IllegalStateException("libfaketime is gone; it was there when the drills began");
  }
}
