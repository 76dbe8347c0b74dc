const randomization = 0.2;

/**
 * Waits between two looks at a queue: the least after a look that found something, then roughly doubling up to the most.
 *
 * Source: Azure/azure-sdk-for-net, RandomizedExponentialBackoffStrategy.cs.
 * @param random from 0 up to, not including, 1.
 * @returns the next wait in milliseconds, given whether messages were found since the last wait.
 */
export function createPollingDelay(
  leastMs: number,
  mostMs: number,
  random: () => number = Math.random,
): (foundSinceLastWait: boolean) => number {
  let currentMs = 0;
  let exponent = 0;
  return (foundSinceLastWait) => {
    if (foundSinceLastWait) {
      currentMs = leastMs;
      exponent = 1;
    } else if (currentMs !== mostMs) {
      const factor = 1 - randomization + 2 * randomization * random();
      const nextMs = leastMs + (exponent > 0 ? factor * 2 ** (exponent - 1) * leastMs : 0);
      if (nextMs < mostMs) {
        currentMs = nextMs;
        exponent++;
      } else {
        currentMs = mostMs;
      }
    }
    return currentMs;
  };
}
