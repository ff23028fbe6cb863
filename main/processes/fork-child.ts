/** @file Starts a child process with Node's fork: wherever the app is not Electron. */
import { fork } from 'node:child_process';
import type { ChildHandle, Spawn } from './child-handle.ts';

/** @param program - path @param onOutput - told what the child prints, which is nothing unless something is wrong */
export function forkChild<Sent extends object>(program: string, onOutput: (text: string) => void): Spawn<Sent> {
  return (): ChildHandle<Sent> => {
    const child = fork(program, [], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
    child.stdout?.setEncoding('utf8').on('data', onOutput);
    child.stderr?.setEncoding('utf8').on('data', onOutput);
    return {
      pid: child.pid,
      // A child that has just ended can't be told anything; its end is reported by onExit.
      send: (message) => void (child.connected && child.send(message, () => undefined)),
      onMessage: (listener) => void child.on('message', listener),
      onExit(listener) {
        let reported = false;
        const report = (exitCode: number | null, signal: string | null) => {
          if (!reported) listener(exitCode, signal);
          reported = true;
        };
        child.once('exit', report);
        child.once('error', (error) => {
          onOutput(error.message);
          if (child.pid === undefined) report(null, null); // it never started
        });
      },
      kill: () => void child.kill('SIGKILL'),
    };
  };
}
