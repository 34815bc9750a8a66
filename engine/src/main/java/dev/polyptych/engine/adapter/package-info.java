/** Adapters in memory: decoded on the host, placed on the device as a branch or merged. */
package dev.polyptych.engine.adapter;
