/** @file The graphics cards of this machine, with their memory and driver: what an engine's speed was measured on. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { release } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

export interface GraphicsCard {
  readonly name: string;
  /** Of its own, or null where the system does not say (or it shares the machine's). */
  readonly memoryBytes: number | null;
  readonly driver: string | null;
}

/** Tools that hang are given up on. */
const TIMEOUT_MS = 5000;
const MIB = 2 ** 20;

/** Runs a program and gives what it prints; replaced in tests. @throws if it can't be run */
export type RunTool = (program: string, args: readonly string[]) => Promise<string>;

const runTool: RunTool = (program, args) =>
  new Promise((resolve, reject) => {
    execFile(program, args, { timeout: TIMEOUT_MS, windowsHide: true }, (error, stdout) => {
      if (error) reject(error);
      else resolve(stdout);
    });
  });

/** Never fails: what can't be asked is left out. */
export async function findGraphicsCards(platform: NodeJS.Platform = process.platform, run: RunTool = runTool): Promise<GraphicsCard[]> {
  const nvidia = await quietly(async () => parseNvidia(await run('nvidia-smi', NVIDIA_ARGS)));
  const others = await quietly(() => othersOf(platform, run));
  const isKnown = ({ name }: GraphicsCard) => nvidia.some((card) => card.name.includes(name) || name.includes(card.name));
  return [...nvidia, ...others.filter((card) => !isKnown(card))];
}

const NVIDIA_ARGS = ['--query-gpu=name,memory.total,driver_version', '--format=csv,noheader,nounits'];

/** `NVIDIA H100 80GB HBM3, 81559, 550.54.15`, one card a line. */
function parseNvidia(text: string): GraphicsCard[] {
  return text
    .split('\n')
    .map((line) => line.split(',').map((field) => field.trim()))
    .flatMap(([name, mebibytes, driver]) =>
      name && driver ? [{ name, memoryBytes: Number(mebibytes) > 0 ? Number(mebibytes) * MIB : null, driver }] : [],
    );
}

function othersOf(platform: NodeJS.Platform, run: RunTool): Promise<GraphicsCard[]> {
  if (platform === 'win32') return windowsCards(run);
  if (platform === 'darwin') return macCards(run);
  return linuxCards('/sys/class/drm');
}

const WindowsCard = z.object({ Name: z.string(), DriverVersion: z.string().nullish() });

async function windowsCards(run: RunTool): Promise<GraphicsCard[]> {
  const query = 'ConvertTo-Json @(Get-CimInstance Win32_VideoController | Select-Object Name,DriverVersion)';
  const found = z.array(WindowsCard).parse(JSON.parse(await run('powershell', ['-NoProfile', '-Command', query])));
  // Its AdapterRAM is a 32-bit number: wrong from 4 GiB on, so not told.
  return found.map(({ Name: name, DriverVersion: driver }) => ({ name, memoryBytes: null, driver: driver ?? null }));
}

const MacDisplays = z.object({ SPDisplaysDataType: z.array(z.object({ sppci_model: z.string() })) });

async function macCards(run: RunTool): Promise<GraphicsCard[]> {
  const { SPDisplaysDataType: found } = MacDisplays.parse(JSON.parse(await run('system_profiler', ['SPDisplaysDataType', '-json'])));
  const version = await quietly(async () => [(await run('sw_vers', ['-productVersion'])).trim()]);
  return found.map(({ sppci_model: name }) => ({ name, memoryBytes: null, driver: version[0] ? `macOS ${version[0]}` : null }));
}

const VENDORS: Readonly<Record<string, string>> = { '0x1002': 'AMD', '0x8086': 'Intel', '0x10de': 'NVIDIA' };

/** @param folder - of the kernel's list of cards */
async function linuxCards(folder: string): Promise<GraphicsCard[]> {
  const names = (await readdir(folder)).filter((name) => /^card\d+$/.test(name));
  const cards = names.map(async (card) => {
    const read = async (file: string) => (await readFile(join(folder, card, 'device', file), 'utf8').catch(() => '')).trim();
    const [vendor, device, memory, uevent] = await Promise.all([
      read('vendor'),
      read('device'),
      read('mem_info_vram_total'),
      read('uevent'),
    ]);
    const maker = VENDORS[vendor];
    if (maker === undefined) return [];
    const kernelDriver = /^DRIVER=(.+)$/m.exec(uevent)?.[1];
    const driver = kernelDriver === undefined ? null : `${kernelDriver}, Linux ${release()}`;
    return [{ name: `${maker} graphics ${device}`, memoryBytes: Number(memory) > 0 ? Number(memory) : null, driver }];
  });
  return (await Promise.all(cards)).flat();
}

async function quietly<Item>(work: () => Promise<Item[]>): Promise<Item[]> {
  try {
    return await work();
  } catch {
    return [];
  }
}
