/** Takes up to `budget` items, one of each list in turn, so that a long list delays no short one. */
export function shareOut<T>(lists: readonly (readonly T[])[], budget: number): T[][] {
  const shares = lists.map((): T[] => []);
  let left = budget;
  for (let index = 0; left > 0; index += 1) {
    let any = false;
    for (const [position, list] of lists.entries()) {
      const item = list[index];
      if (item === undefined || left <= 0) continue;
      shares[position]?.push(item);
      left -= 1;
      any = true;
    }
    if (!any) break;
  }
  return shares;
}
