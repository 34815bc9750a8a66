package dev.polyptych.dispatcher.admission;

import java.util.Optional;

/** Whether callbacks may go to an address, as far as can be told when a job is submitted. */
public interface CallbackRule {
  /**
   * @param url of a form that is right
   * @return what is wrong with it and what would be right
   */
  Optional<String> problem(String url);
}
