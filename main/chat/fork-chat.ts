/** @file Starts the chat process with Node's fork: wherever the app is not Electron. */
import { fork } from 'node:child_process';
import type { ChatChild, SpawnChat } from './chat-process.ts';

/** @param program - path of the worker's program @param onOutput - told what llama.cpp prints, which is nothing unless something is wrong */
export function forkChat(program: string, onOutput: (text: string) => void): SpawnChat {
  return (): ChatChild => {
    const child = fork(program, [], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
    child.stdout?.setEncoding('utf8').on('data', onOutput);
    child.stderr?.setEncoding('utf8').on('data', onOutput);
    return {
      // A child that has just ended can't be told anything; its end is reported by onExit.
      send: (message) => void (child.connected && child.send(message as object, () => undefined)),
      onMessage: (listener) => void child.on('message', listener),
      onExit: (listener) => void child.once('exit', listener),
      kill: () => void child.kill('SIGKILL'),
    };
  };
}
