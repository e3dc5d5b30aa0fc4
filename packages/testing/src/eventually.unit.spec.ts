import { describe, expect, test } from '@jest/globals';
import { eventually } from './eventually.ts';

describe('a condition', () => {
  test('when it has a value at last, then that is what one gets', async () => {
    const answers = [undefined, null, false, 'there'] as const;
    let asked = 0;

    await expect(eventually(async () => answers[asked++])).resolves.toBe('there');

    expect(asked).toBe(4);
  });

  test.each([[0], [''], [true]])('when its value is %j, then that is a value like any other', async (value) => {
    await expect(eventually(() => value)).resolves.toBe(value);
  });

  test('when it throws at first, then it is asked again', async () => {
    let asked = 0;
    const condition = async () => {
      if (++asked < 3) throw new Error('not yet');
      return asked;
    };

    await expect(eventually(condition)).resolves.toBe(3);
  });

  test('when it never comes true, then the error shows it and keeps what it threw last', async () => {
    const error: unknown = await eventually(() => {
      throw new Error('no ticket');
    }, 50).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({
      message: expect.stringMatching(/^did not come true within 50 ms: .*throw new Error\('no ticket'\)/),
      cause: { message: 'no ticket' },
    });
  });

  test('when there is no time at all, then it is still asked once', async () => {
    await expect(eventually(() => true, 0)).resolves.toBe(true);
  });
});
