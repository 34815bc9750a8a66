/**
 * A real Kafka broker and a real Redis on this machine without installing either: {@code polyptych
 * up} runs on them, and so does every test. Not for production: one broker, one replica.
 */
package dev.polyptych.embedded;
