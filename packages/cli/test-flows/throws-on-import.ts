export const value: number = JSON.parse('{ not json') as number;
