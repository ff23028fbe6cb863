/** @file What is said about archives of projects. */
import { formatBytes } from './numbers.ts';

export const archiveWords = {
  write: {
    title: 'The whole project',
    about:
      'One file with everything: datasets and their versions, runs with their curves, adapters, chats and votes. Another Prospect brings it in as it is. The base model is named in it, not packed, unless it is the sample model.',
    weights: 'With the files of adapters and checkpoints',
    path: 'File to write',
    orPath: 'Or the file to write',
    placeholder: (name: string): string => `/home/me/${name}`,
    choose: 'Choose file…',
    start: 'Pack project',
    replace: 'Replace it',
    done: (path: string, bytes: number): string => `The project lies in ${path} (${formatBytes(bytes)}).`,
  },
  read: {
    openLabel: 'Bring in a project…',
    title: 'Bring in a project',
    about: 'A .prospect file that Prospect has packed. It becomes a project of its own; nothing that is here changes.',
    choose: 'Choose file…',
    sending: (part: number): string => `Sending the file: ${Math.round(part * 100)} %`,
    path: 'Or its path on this machine',
    placeholder: '/home/me/reviewer.prospect',
    start: 'Bring in',
    done: (name: string): string => `${name} was brought in.`,
    show: 'Show it',
  },
} as const;
