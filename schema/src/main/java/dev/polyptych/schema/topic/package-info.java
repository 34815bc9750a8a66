/** Kafka: the two lanes and the dead topic, what their records hold, and how they are made. */
package dev.polyptych.schema.topic;
