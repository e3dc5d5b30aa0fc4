import { describe, expect, it } from '@jest/globals';
import { deriveManagementUrl, withoutPassword } from './environment.ts';
import { findProgram, isAtLeast, rabbitmqVersionOf } from './host.ts';

describe('a server of this host', () => {
  it('must be as new as the product needs', () => {
    expect(['4.3.0', '4.10.1', '5.0.0'].map((version) => isAtLeast(version, [4, 3]))).toEqual([true, true, true]);
    expect(['4.2.9', '3.13.7', ''].map((version) => isAtLeast(version, [4, 3]))).toEqual([false, false, false]);
  });

  it.each([
    ['/usr/lib/rabbitmq/lib/rabbitmq_server-4.3.6/sbin', '4.3.6'],
    ['/opt/homebrew/Cellar/rabbitmq/4.3.5/sbin', '4.3.5'],
    ['/usr/local/sbin', undefined],
  ])('tells its version by the folder %s', (folder, version) => {
    expect(rabbitmqVersionOf(folder)).toBe(version);
  });

  it('is looked for in the folders of the PATH, in their order', () => {
    expect(findProgram('sh', '/nonexistent:/bin:/usr/bin')).toBe('/bin/sh');
    expect(findProgram('no-such-program', '/bin')).toBeUndefined();
    expect(findProgram('sh', undefined)).toBeUndefined();
  });
});

describe('a server named in the environment', () => {
  it('has its management interface beside it, on the usual port', () => {
    expect(deriveManagementUrl('amqp://user:secret@broker.example:5673/vhost')).toBe(
      'http://user:secret@broker.example:15672',
    );
    expect(deriveManagementUrl('amqp://broker.example')).toBe('http://guest:guest@broker.example:15672');
  });

  it('is shown without its password', () => {
    expect(withoutPassword('mongodb://user:secret@db.example/x')).toBe('mongodb://db.example/x');
  });
});
