/** Which partition a job goes to. Pure: the services and the simulator use the same classes. */
package dev.polyptych.policy.routing;
