export { verifyCallback } from './callbacks.js';
export { Client, Job, type Abortable, type ClientOptions, type Keyed, type Request } from './client.js';
export type * from './contract.js';
export { JobFailed, NotTrusted, PolyptychError, Refused } from './errors.js';
export type { Event } from './events.js';
