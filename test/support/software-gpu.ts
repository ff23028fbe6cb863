/** @file A GPU in software, where the machine has one: the SwiftShader that Debian's Chromium comes with. Slow, and exact enough to compare with. */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';

const DRIVER = '/usr/lib/chromium/vk_swiftshader_icd.json';

/** What a process must be started with to find it; empty where it is not installed. */
export function softwareGpuEnvironment(): Record<string, string> {
  if (!existsSync(DRIVER)) return {};
  return {
    VK_DRIVER_FILES: DRIVER,
    VK_ICD_FILENAMES: DRIVER, // the name that older loaders know
    LD_LIBRARY_PATH: dirname(DRIVER), // libvulkan.so.1 lies beside the driver
    XDG_RUNTIME_DIR: process.env['XDG_RUNTIME_DIR'] ?? '/tmp',
  };
}
