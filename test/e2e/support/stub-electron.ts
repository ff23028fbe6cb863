/** @file Folders that look like Electron's, with programs that are nothing but the wire of its fuses: enough to package into. */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What @electron/fuses looks for: a sentinel, the version of the wire, its length, and a letter for each fuse. */
const WIRE = Buffer.concat([
  Buffer.from('stub'),
  Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
  Buffer.from([1, 9]),
  Buffer.from('101100101'),
  Buffer.alloc(16),
]);

export type Target = 'linux' | 'win' | 'mac';

const INFO_PLIST = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
<key>CFBundleExecutable</key><string>Electron</string>
<key>CFBundleIdentifier</key><string>com.github.Electron</string>
<key>CFBundleName</key><string>Electron</string>
</dict></plist>`;

const FILES: { readonly [T in Target]: Readonly<Record<string, string | Buffer>> } = {
  linux: { electron: WIRE, version: '45.4.1', LICENSE: '' },
  win: { 'electron.exe': WIRE, version: '45.4.1', LICENSE: '' },
  mac: {
    'Electron.app/Contents/MacOS/Electron': '',
    'Electron.app/Contents/Info.plist': INFO_PLIST,
    'Electron.app/Contents/Resources/electron.icns': '',
    'Electron.app/Contents/Frameworks/Electron Framework.framework/Electron Framework': WIRE,
    ...Object.fromEntries(
      [
        'Electron Helper',
        'Electron Helper (Renderer)',
        'Electron Helper (GPU)',
        'Electron Helper (Plugin)',
        'Electron Helper (EH)',
        'Electron Helper (NP)',
      ].flatMap((name) => [
        [`Electron.app/Contents/Frameworks/${name}.app/Contents/Info.plist`, INFO_PLIST.replaceAll('>Electron<', `>${name}<`)],
        [`Electron.app/Contents/Frameworks/${name}.app/Contents/MacOS/${name}`, ''],
      ]),
    ),
  },
};

export async function stubElectron(target: Target, folder: string): Promise<void> {
  for (const [path, content] of Object.entries(FILES[target])) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    await chmod(file, 0o755);
  }
}
