/** Where blocking calls to broker and store run: virtual threads, bounded in number. */
package dev.polyptych.dispatcher.calls;
