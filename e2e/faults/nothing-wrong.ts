/** What a verdict must say of a system that loses nothing. */
export const nothingWrong = { lost: [], duplicated: [], unexpected: [], misnumbered: [] };
