/** Child processes of drills and benches on this machine, and polling for their states. */
package dev.polyptych.lab.process;
