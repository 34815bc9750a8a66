/**
 * From Kafka into this process and back as commits. One thread owns the consumer and always polls.
 * Partitions that may not be read now are paused. Split by verb: {@link
 * dev.polyptych.worker.intake.Intake} consumes, {@link dev.polyptych.worker.intake.Assignments}
 * gains and gives up partitions, {@link dev.polyptych.worker.intake.Commits} commits what the
 * {@link dev.polyptych.worker.intake.OffsetLedger} says is finished. Taken jobs wait in the {@link
 * dev.polyptych.worker.intake.LocalQueue}.
 */
package dev.polyptych.worker.intake;
