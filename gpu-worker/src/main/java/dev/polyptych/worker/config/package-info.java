/** The settings of a worker: read once, checked whole, then passed on as data. */
package dev.polyptych.worker.config;
