/** Ends the process with the exit code of a command; what it throws is told, and ends the process with `failed`. */
export function runCommand(main: () => Promise<number>, failed: number): void {
  main().then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = failed;
    },
  );
}
