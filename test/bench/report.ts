import { availableParallelism } from 'node:os';

/** Tables with titles, printed as they come and kept for the results file. */
export interface Report {
  add(title: string, about: string, table: string): void;
  /** The whole as Markdown. */
  text(): string;
}

/** How the tables are to be read. */
const introduction = `# Results of the benchmark

Written by \`npm run bench\`. Services, storage and each variant have a process of their own on one machine, and the simulated
services verify in every round that each record has arrived, once. Times depend on that machine and on what else it does; the
ratios were taken between rounds that alternated in one run, so they are what may be quoted. All figures are medians of the
rounds, memory the highest of any.

- **collector**: the built app. Its process is what Azure's worker process is; receiving and deleting messages is the host's
  work and not measured. Listing, ledger and dispatch are.
- **naive**, **naive-gzip**: one content at a time, JSON.parse, JSON.stringify of each record, one JSON body, by axios;
  uncompressed, or gzip at the default level. No ledger. They are told the addresses of the contents beforehand.
- **relay**: gunzip, gzip at level 1, one request, one content at a time, by node:http; it knows nothing of records and
  verifies nothing. It is told the addresses beforehand too.

CPU is user and system time of all threads of the variant's process. \`content\` is the number of records of one content, or its
size; a record has about 1,400 bytes. Where many contents wait, the collector works on as many at a time as host.json says.`;

/** @param print where each table goes at once. */
export function createReport(print: (text: string) => void): Report {
  const parts: string[] = [];
  return {
    add(title, about, table) {
      const part = `## ${title}\n\n${about}\n\n${table}`;
      parts.push(part);
      print(`\n${part}`);
    },
    text: () => `${[introduction, machineLine(), ...parts].join('\n\n')}\n`,
  };
}

/** Node's version, cores and date. */
export function machineLine(): string {
  return `Node ${process.version}, ${availableParallelism()} cores, ${new Date().toISOString().slice(0, 10)}.`;
}
