package dev.polyptych.schema.fleet;

/**
 * The measured cost to make an adapter warm on a worker, in GPU-seconds by source tier. A tier
 * without measurements has the cost of the next nearer tier.
 */
public record SwapCosts(double device, double host, double disk, double absent) {
  /** For a worker without measurements. Then routing uses only load. */
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
