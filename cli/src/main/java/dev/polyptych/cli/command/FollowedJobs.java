package dev.polyptych.cli.command;

import dev.polyptych.client.DispatcherClient;
import dev.polyptych.client.RefusedException;
import dev.polyptych.schema.job.JobStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;

/**
 * What Ctrl-C means while jobs are followed that would go on without this process. At a terminal
 * the first one asks; a second one cancels the jobs, Enter leaves them. Elsewhere nobody could
 * answer, so the first one leaves them.
 */
final class FollowedJobs {
  private final List<JobStatus> jobs;
  private final DispatcherClient client;
  private final PrintWriter screen;
  private final boolean terminal;
  private final IntConsumer exit;
  private final AtomicBoolean asked = new AtomicBoolean();

  /**
   * @param terminal whether somebody can answer
   * @param exit ends the process with a status
   */
  FollowedJobs(
      List<JobStatus> jobs,
      DispatcherClient client,
      PrintWriter screen,
      boolean terminal,
      IntConsumer exit) {
    this.jobs = List.copyOf(jobs);
    this.client = client;
    this.screen = screen;
    this.terminal = terminal;
    this.exit = exit;
  }

  /** Ctrl-C was pressed. */
  void interrupted(BufferedReader answers) {
    if (asked.getAndSet(true)) {
      cancel();
    } else if (terminal) {
      screen.printf("%nCtrl-C again cancels %s, Enter leaves it to itself%n", ids());
      screen.flush();
      Thread.ofVirtual().start(() -> leaveAtEnter(answers));
    } else {
      leave();
    }
  }

  private void leaveAtEnter(BufferedReader answers) {
    try {
      String line = answers.readLine();
      if (line != null) {
        leave();
      }
    } catch (IOException closed) {
      // Nobody answers; a second Ctrl-C still counts.
    }
  }

  private void leave() {
    screen.printf("left to itself; polyptych cancel %s ends it%n", ids());
    screen.flush();
    exit.accept(Sigint.STATUS);
  }

  private void cancel() {
    for (JobStatus job : jobs) {
      try {
        screen.println("%s is %s".formatted(job.id(), client.cancel(job.id()).state().text()));
      } catch (RefusedException settled) {
        screen.println(job.id() + " had settled");
      } catch (IOException away) {
        screen.println(job.id() + " could not be cancelled: " + away.getMessage());
      } catch (InterruptedException stopping) {
        Thread.currentThread().interrupt();
      }
    }
    screen.flush();
    exit.accept(Sigint.STATUS);
  }

  private String ids() {
    return jobs.stream().map(JobStatus::id).collect(Collectors.joining(" "));
  }
}
