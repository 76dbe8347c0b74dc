/**
 * Takes up to `budget` items, one of each list in turn, so that a long list delays no short one. `first` is the list to begin
 * with: turned from call to call, it lets every list have the odd item, and any at all when there are more lists than budget.
 */
export function shareOut<T>(lists: readonly (readonly T[])[], budget: number, first = 0): T[][] {
  const shares = lists.map((): T[] => []);
  const order = lists.map((_, index) => (first + index) % lists.length);
  let left = budget;
  for (let place = 0; left > 0; place += 1) {
    const taken = left;
    for (const index of order) {
      const item = lists[index]?.[place];
      if (item === undefined || left <= 0) continue;
      shares[index]?.push(item);
      left -= 1;
    }
    if (taken === left) break;
  }
  return shares;
}
