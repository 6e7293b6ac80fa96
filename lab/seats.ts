/**
 * The seat of each student: a number from which their own addresses follow. Who has one keeps it for ever; a newcomer gets the lowest
 * free one. So adding, removing, renaming or reordering students never moves another.
 *
 * @param known seats given out before, also to students who are gone: those are kept free for their return
 */
export function assignSeats(known: Readonly<Record<string, number>>, ids: readonly string[]): Record<string, number> {
  const seats = new Map(Object.entries(known));
  const taken = new Set(seats.values());
  let next = 0;
  for (const id of ids) {
    if (seats.has(id)) continue;
    while (taken.has(next)) next += 1;
    taken.add(next);
    seats.set(id, next);
  }
  return Object.fromEntries(seats);
}
