/** The callers: tenants, their API keys and their quotas, read from a file. */
package dev.polyptych.dispatcher.tenant;
