// Submits a job, follows it, fetches a panel and uploads it as a reference, by the generated client alone.
import {
    Configuration, JobRequest, JobsApi, JobStatus, ResultsApi,
} from './index';

declare const process: { argv: string[]; exit(code: number): never };

const PNG = [0x89, 0x50, 0x4e, 0x47];

function check(fact: boolean, what: unknown): void {
    if (!fact) {
        throw new Error(String(what));
    }
}

async function main(): Promise<void> {
    const configuration = new Configuration({ basePath: process.argv[2], accessToken: process.argv[3] });
    const jobs = new JobsApi(configuration);
    const results = new ResultsApi(configuration);
    const jobRequest: JobRequest = {
        task: 'couple-profile', prompt: 'two dogs', panels: ['a black dog', 'a white dog'], seed: 8, steps: 4,
    };

    const accepted = await jobs.submitJobRaw({ jobRequest, idempotencyKey: 'typescript-1' });
    check(accepted.raw.status === 202, accepted.raw.status);
    const { id } = (await accepted.value()) as JobStatus;
    console.log('submits');

    const events = await jobs.streamEvents({ id });
    check(events!.includes('event: done'), events);
    check((await jobs.readJob({ id })).state === 'done', id);
    console.log('follows');

    const panel = await results.readPanel({ id, n: 1 });
    const bytes = new Uint8Array(await panel.arrayBuffer());
    check(PNG.every((byte, at) => bytes[at] === byte), bytes.slice(0, 8));
    console.log('fetches');

    const kept = await jobs.putReference({ body: panel });
    const resolved = await jobs.submitJobRaw({
        jobRequest: { ...jobRequest, references: [{ panel: 1, key: kept.key }] }, dryRun: true,
    });
    check(resolved.raw.status === 200, resolved.raw.status);
    console.log('uploads');
}

main().catch((failure) => {
    console.error(failure);
    process.exit(1);
});
