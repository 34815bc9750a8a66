package dev.polyptych.nano.train;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What moves a network's matrices and convolutions; all else is moved by AdamW in any case. */
enum Optimizer {
  @JsonProperty("adamw")
  ADAMW,
  /** Orthogonal momentum (Jordan et al. 2024). */
  @JsonProperty("muon")
  MUON
}
