/**
 * Fetches adapters' bytes from where a caller says: the web, a bucket, the Hugging Face Hub, a
 * folder. Nothing here is trusted: addresses are checked at each hop, lengths and times are
 * bounded.
 */
package dev.polyptych.dispatcher.source;
