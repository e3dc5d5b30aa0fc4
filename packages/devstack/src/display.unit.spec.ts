import { describe, expect, it } from '@jest/globals';
import { plainDisplay, terminalDisplay } from './display.ts';

describe('the progress of a start', () => {
  it('is thinned out to a line every few seconds without a terminal', () => {
    const lines: string[] = [];
    const display = plainDisplay((line) => lines.push(line));
    for (const second of [0, 1, 2, 3, 4, 5, 6, 7]) display.phase('Installing', second);
    display.line('Installed');
    expect(lines).toEqual(['Installing (0 s)', 'Installing (5 s)', 'Installed']);
  });

  it('is rewritten in place on a terminal, and gives way to a lasting line', () => {
    let written = '';
    const stream = { columns: 30, write: (text: string) => (written += text) } as unknown as NodeJS.WriteStream;
    const display = terminalDisplay(stream);
    display.phase('Installing a very long list of things', 1);
    display.phase('Starting', 2);
    display.line('Ready');
    expect(written.split('\r\u001B[2K')).toEqual(['Installing a very long list o', 'Starting (2 s)', 'Ready\n']);
  });
});
