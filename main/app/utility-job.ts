/** @file Starts a job's process in Electron, where Node's fork is switched off for safety. */
import { utilityProcess } from 'electron';
import type { Services } from '#ipc/services.ts';

/** A job is trained in it; an inquiry answers one question; a chat runs llama.cpp. */
type Spawn = Services['spawnJob'] & Services['spawnInquiry'] & Services['spawnChat'];

/** @param program - path of the worker's program @param onOutput - told what the child prints, which is nothing unless something is wrong */
export function utilityJob(program: string, onOutput: (text: string) => void): Spawn {
  return () => {
    const child = utilityProcess.fork(program, [], { stdio: ['ignore', 'pipe', 'pipe'], serviceName: 'Prospect job', execArgv: [] });
    child.stdout?.on('data', (data: Buffer) => onOutput(data.toString()));
    child.stderr?.on('data', (data: Buffer) => onOutput(data.toString()));
    return {
      pid: child.pid,
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a process, not a window
      send: (message) => child.postMessage(message),
      onMessage: (listener) => void child.on('message', listener),
      // Electron does not tell the signal.
      onExit: (listener) => void child.once('exit', (exitCode) => listener(exitCode, null)),
      kill: () => void child.kill(),
    };
  };
}
