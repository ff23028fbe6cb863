/** @file Whether this process can show a window. */

export function hasDisplay(platform: NodeJS.Platform, env: Readonly<Record<string, string | undefined>>): boolean {
  // A session over ssh on macOS or Windows can't either, but there is nothing that tells; Electron then fails, and that is seen.
  return platform !== 'linux' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
}
