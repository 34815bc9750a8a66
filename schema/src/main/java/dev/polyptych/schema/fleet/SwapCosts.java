package dev.polyptych.schema.fleet;

/**
 * What it takes to make an adapter warm, as a worker has measured it: GPU-seconds by the tier it
 * comes from. What was never measured is taken to be as dear as the next nearer tier.
 */
public record SwapCosts(double device, double host, double disk, double absent) {
  /** Of a worker that has measured nothing: then only load counts. */
  public static final SwapCosts NONE = new SwapCosts(0, 0, 0, 0);

  public SwapCosts {
    if (!(device >= 0 && host >= 0 && disk >= 0 && absent >= 0)) {
      throw new IllegalArgumentException("swap costs must not be negative");
    }
    host = Math.max(host, device);
    disk = Math.max(disk, host);
    absent = Math.max(absent, disk);
  }

  public double from(Tier tier) {
    return switch (tier) {
      case WARM -> 0;
      case DEVICE -> device;
      case HOST -> host;
      case DISK -> disk;
      case ABSENT -> absent;
    };
  }
}
