/**
 * Tells the addresses that jobs named how they ended: what the store owes is claimed, signed as the
 * Standard Webhooks want it, posted to an address that was checked, and tried again for a day. At
 * least once: a receiver tells repetitions by {@code webhook-id}.
 */
package dev.polyptych.dispatcher.callback;
