/** Who calls: tenants, their API keys and their quotas, as a file lists them. */
package dev.polyptych.dispatcher.tenant;
