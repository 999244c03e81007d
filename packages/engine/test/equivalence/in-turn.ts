/** `npm run soak` does everything to every program; otherwise that takes too long for every day. */
export const isSoak = process.env['SIDEREAL_KILLS'] !== undefined;

/** Does the program at this place get the turn-th of so many things, one of which each program gets? */
export function hasTurn(place: number, turn: number, turns: number): boolean {
  return isSoak || place % turns === turn;
}
