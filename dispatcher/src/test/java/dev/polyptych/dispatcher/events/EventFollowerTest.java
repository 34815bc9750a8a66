package dev.polyptych.dispatcher.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polyptych.schema.job.JobEvent;
import dev.polyptych.schema.job.JobState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class EventFollowerTest {
  private final Recorder reader = new Recorder();

  @Test
  void liveEventsThatThePageHadAlreadyAreNotDoubled() {
    EventFollower follower = following(EventPosition.START);

    follower.live(event(2));
    reader.gets(follower, page(false, 1, 2));
    reader.gets(follower, page(false));

    assertEquals(List.of("1-0", "2-0"), reader.delivered);
  }

  @Test
  void aLiveEventDuringAFetchIsFetchedAfterwards() {
    EventFollower follower = following(EventPosition.START);

    follower.live(event(2));
    reader.gets(follower, page(false, 1));

    assertEquals(List.of("0-0", "1-0"), reader.fetches);
  }

  @Test
  void aFullReaderGetsTheRestWhenItHasRoomAgain() {
    EventFollower follower = following(EventPosition.START);
    reader.room = 1;

    reader.gets(follower, page(false, 1, 2, 3));
    follower.live(event(4));
    reader.room = 10;
    follower.drained();
    reader.gets(follower, page(false, 2, 3, 4));

    assertEquals(List.of("1-0", "2-0", "3-0", "4-0"), reader.delivered);
  }

  @Test
  void theTerminalEventIsTheLast() {
    EventFollower follower = following(EventPosition.START);

    reader.gets(follower, new EventPage(true, true, List.of(event(1), terminal(2))));
    follower.live(event(3));

    assertEquals(List.of("1-0", "2-0"), reader.delivered);
    assertEquals(1, reader.ends);
  }

  @Test
  void afterTheEndTheReaderIsLeftAlone() {
    EventFollower follower = following(EventPosition.START);
    follower.end();

    follower.live(event(1));
    reader.gets(follower, page(true, 1, 2));
    follower.drained();
    follower.catchUp();

    assertEquals(List.of(), reader.delivered);
    assertEquals(List.of("0-0"), reader.fetches);
  }

  @Test
  void aSettledJobEndsTheStreamEvenWhenNothingIsLeftToTell() {
    EventFollower follower = following(new EventPosition(9, 9));

    reader.gets(follower, page(true));

    assertEquals(1, reader.ends);
  }

  @Test
  void aJobThatTheStoreForgotEndsTheStream() {
    EventFollower follower = following(EventPosition.START);

    reader.gets(follower, new EventPage(false, false, List.of()));

    assertEquals(1, reader.ends);
  }

  @Test
  void afterAFailedFetchTheNextOccasionFetchesAgain() {
    EventFollower follower = following(EventPosition.START);

    reader.pending = Optional.empty();
    follower.fetchFailed();
    follower.live(event(2));

    assertEquals(List.of("0-0", "0-0"), reader.fetches);
  }

  /** Events, a subscription that breaks, slow readers and failed reads in any order. */
  @Property(tries = 2_000)
  void whateverHappensEveryEventComesOnceAndInOrder(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int events) {
    Random random = new Random(seed);
    Recorder any = new Recorder();
    EventFollower follower = new EventFollower(any, EventPosition.START);
    List<JobEvent> kept = new ArrayList<>();
    boolean subscribed = true;
    follower.catchUp();

    while (any.ends == 0) {
      switch (random.nextInt(6)) {
        case 0, 1 -> happen(kept, events, subscribed ? follower : null);
        case 2 -> answer(any, kept, events, follower);
        case 3 -> fail(any, follower);
        case 4 -> drain(any, follower, random);
        default -> {
          subscribed = !subscribed;
          if (subscribed) {
            follower.catchUp();
          }
        }
      }
      assertTrue(any.room >= 0, "was written to although it was full");
    }

    assertEquals(kept.stream().map(JobEvent::eventId).toList(), any.delivered);
    assertEquals(events, kept.size());
  }

  private static void happen(List<JobEvent> kept, int events, EventFollower listening) {
    if (kept.size() < events) {
      int number = kept.size() + 1;
      JobEvent event = number == events ? terminal(number) : event(number);
      kept.add(event);
      if (listening != null) {
        listening.live(event);
      }
    }
  }

  private static void answer(
      Recorder reader, List<JobEvent> kept, int events, EventFollower follower) {
    if (reader.pending.isPresent()) {
      EventPosition after = EventPosition.parse(reader.pending.get()).orElseThrow();
      reader.pending = Optional.empty();
      follower.fetched(
          new EventPage(
              true,
              kept.size() == events,
              kept.stream()
                  .filter(
                      event ->
                          EventPosition.parse(event.eventId()).orElseThrow().compareTo(after) > 0)
                  .toList()));
    }
  }

  private static void fail(Recorder reader, EventFollower follower) {
    if (reader.pending.isPresent()) {
      reader.pending = Optional.empty();
      follower.fetchFailed();
    }
  }

  private static void drain(Recorder reader, EventFollower follower, Random random) {
    reader.room = random.nextInt(4);
    if (reader.room > 0) {
      follower.drained();
    }
  }

  private EventFollower following(EventPosition seen) {
    EventFollower follower = new EventFollower(reader, seen);
    follower.catchUp();
    assertFalse(reader.full());
    return follower;
  }

  private static EventPage page(boolean settled, int... numbers) {
    List<JobEvent> events = new ArrayList<>();
    for (int number : numbers) {
      events.add(event(number));
    }
    return new EventPage(true, settled, events);
  }

  private static JobEvent event(int number) {
    return event(number, JobState.RENDERING);
  }

  private static JobEvent terminal(int number) {
    return event(number, JobState.DONE);
  }

  private static JobEvent event(int number, JobState state) {
    return new JobEvent(
        1,
        number + "-0",
        "j-1",
        state,
        Instant.EPOCH,
        1,
        number,
        40,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** A reader that writes down what it gets and has room for some of it. */
  private static final class Recorder implements EventFollower.Reader {
    final List<String> delivered = new ArrayList<>();
    final List<String> fetches = new ArrayList<>();
    Optional<String> pending = Optional.empty();
    int room = 10;
    int ends;

    void gets(EventFollower follower, EventPage page) {
      pending = Optional.empty();
      follower.fetched(page);
    }

    @Override
    public boolean full() {
      assertEquals(0, ends, "was asked after its end");
      return room == 0;
    }

    @Override
    public void deliver(JobEvent event) {
      delivered.add(event.eventId());
      room--;
    }

    @Override
    public void end() {
      ends++;
    }

    @Override
    public void fetch(EventPosition after) {
      assertTrue(pending.isEmpty(), "two fetches at once");
      fetches.add(after.toString());
      pending = Optional.of(after.toString());
    }
  }
}
