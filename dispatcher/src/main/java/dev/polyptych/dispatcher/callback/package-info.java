/**
 * Reports the end of a job to the callback address that the job named. A dispatcher claims a due
 * callback from the store, signs it as the Standard Webhooks specify, and posts it to a checked
 * address. It retries for a day. Delivery is at least once: a receiver recognizes repetitions by
 * {@code webhook-id}.
 */
package dev.polyptych.dispatcher.callback;
