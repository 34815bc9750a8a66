/** What a process spends its time on until it can work. */
package dev.polyptych.worker.startup;
