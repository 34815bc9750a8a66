/** What Node has beside fetch: files. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Client, Job } from './client.js';
import type { KeptReference } from './contract.js';

/** Writes `panel-1.png` and so on, and `sheet.png`, of a done job. Returns the files, the sheet last. */
export async function save(job: Job, folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const written: string[] = [];
  const write = async (name: string, image: Blob) => {
    const file = join(folder, `${name}.${job.status.format}`);
    await writeFile(file, new Uint8Array(await image.arrayBuffer()));
    written.push(file);
  };
  for (let panel = 1; panel <= job.status.panels; panel++) {
    await write(`panel-${panel}`, await job.panel(panel));
  }
  await write('sheet', await job.sheet());
  return written;
}

/** Uploads a PNG, JPEG or WebP file. */
export async function uploadFile(client: Client, file: string): Promise<KeptReference> {
  return client.upload(new Uint8Array(await readFile(file)));
}
