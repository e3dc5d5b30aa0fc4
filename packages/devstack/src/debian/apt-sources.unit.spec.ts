import { describe, expect, it } from '@jest/globals';
import { findMainArchive, parseListFile, parseSourcesFile, resolveMirrorFile } from './apt-sources.ts';

const deb822 = `Types: deb
# a comment
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/archive.gpg

Types: deb deb-src
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main

Enabled: no
Types: deb
URIs: http://off.example/debian
Suites: bookworm
Components: main
`;

describe('the sources of apt', () => {
  it('are read from the deb822 format, without what is switched off', () => {
    expect(parseSourcesFile(deb822)).toEqual([
      {
        uri: 'http://mirror.example/debian',
        suites: ['bookworm', 'bookworm-updates'],
        components: ['main'],
        options: { 'signed-by': '/usr/share/keyrings/archive.gpg' },
      },
      {
        uri: 'http://mirror.example/debian-security',
        suites: ['bookworm-security'],
        components: ['main'],
        options: {},
      },
    ]);
  });

  it('leave out a key that is written into the entry', () => {
    const [source] = parseSourcesFile(
      'Types: deb\nURIs: http://a.example/\nSuites: stable\nComponents: main\nSigned-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc\n',
    );
    expect(source?.options).toEqual({});
  });

  it('are read from one-line entries, with their options', () => {
    const text =
      '# deb http://no.example x main\ndeb [trusted=yes arch=amd64] https://a.example/debian bookworm main contrib # x\n';
    expect(parseListFile(text)).toEqual([
      {
        uri: 'https://a.example/debian',
        suites: ['bookworm'],
        components: ['main', 'contrib'],
        options: { trusted: 'yes', arch: 'amd64' },
      },
    ]);
  });
});

function archive(uri: string, suite: string, components = ['main']) {
  return { uri, suites: [suite], components, options: {} };
}

describe('the main archive', () => {
  it('is found among security updates and third parties', () => {
    const sources = [
      archive('https://packages.example/apt', 'cloud-sdk-bookworm'),
      archive('https://node.example/node_20.x', 'nodistro'),
      archive('https://docker.example/linux/debian', 'bookworm', ['stable']),
      archive('http://mirror.example/debian-security', 'bookworm-security'),
      archive('https://proxy.example/apt', 'bookworm'),
      archive('http://mirror.example/debian', 'bookworm'),
    ];
    expect(findMainArchive(sources, 'bookworm')?.uri).toBe('http://mirror.example/debian');
  });

  it('may be under any address', () => {
    expect(findMainArchive([archive('https://proxy.example/apt', 'stable')], 'bookworm')?.uri).toBe(
      'https://proxy.example/apt',
    );
  });

  it('is not there without Debian', () => {
    expect(findMainArchive([archive('http://archive.example/ubuntu', 'noble')], 'bookworm')).toBeUndefined();
  });
});

describe('a file of mirrors', () => {
  it('stands for its first mirror', () => {
    const file = '# mirrors\nhttp://first.example/debian priority:1\nhttp://second.example/debian\n';
    expect(resolveMirrorFile('mirror+file:///etc/apt/mirrors/debian.list', () => file)).toBe(
      'http://first.example/debian',
    );
  });

  it('is not looked for behind a plain address', () => {
    expect(resolveMirrorFile('http://mirror.example/debian')).toBe('http://mirror.example/debian');
  });
});
