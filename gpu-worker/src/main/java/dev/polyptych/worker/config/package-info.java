/** The settings of a worker. They are read once, checked together, then passed on as data. */
package dev.polyptych.worker.config;
