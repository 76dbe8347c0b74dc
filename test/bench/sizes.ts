/** How large the contents of a scene are, and how many there are of them. */
export interface Size {
  readonly name: SizeName;
  readonly recordsEach: number;
  /** So many that a round takes seconds. */
  readonly contents: number;
  readonly rounds: number;
  /** In a quick run; no contents means that it is left out. */
  readonly quickContents: number;
  /** Why the naive collectors cannot forward such a content. */
  readonly tooLargeToParse?: string;
}

export const sizeNames = ['1', '50', '500', '5000', '50MB', '24x50MB', '1GB'] as const;
export type SizeName = (typeof sizeNames)[number];

/** The records of the simulator are about 1,400 bytes long. */
export const sizes: readonly Size[] = [
  { name: '1', recordsEach: 1, contents: 240, rounds: 5, quickContents: 24 },
  { name: '50', recordsEach: 50, contents: 240, rounds: 5, quickContents: 24 },
  { name: '500', recordsEach: 500, contents: 160, rounds: 5, quickContents: 16 },
  { name: '5000', recordsEach: 5_000, contents: 32, rounds: 5, quickContents: 4 },
  { name: '50MB', recordsEach: 36_000, contents: 4, rounds: 3, quickContents: 1 },
  {
    name: '24x50MB',
    recordsEach: 36_000,
    contents: 24,
    rounds: 1,
    quickContents: 0,
    tooLargeToParse: 'what it shows is the memory with 24 large contents at a time',
  },
  {
    name: '1GB',
    recordsEach: 720_000,
    contents: 1,
    rounds: 1,
    quickContents: 0,
    tooLargeToParse: 'a body of 1 GB is longer than the longest string that JSON.parse can be given (512 MB)',
  },
];
