/** @file Runs the built Electron program under the fake module, does what a page and a person would, and prints what came of it as JSON. */
import { pathToFileURL } from 'node:url';
import { CHANNELS } from '#contract/channels.ts';
import { app, fake } from '#test/support/fake-electron.ts';

const [, , entry = '', dataDir = ''] = process.argv;
process.argv.splice(1, Infinity, '.', '--data-dir', dataDir, 'prefs.csv');

await import(pathToFileURL(entry).href);
const windowsBeforeReady = fake.windows.length;
app.becomeReady();
await new Promise((resolve) => setTimeout(resolve, 50));

const page = await fake.protocolHandlers.get('app')?.({ url: fake.windows[0]?.url ?? '', method: 'GET' });
const ask = (name: string, input?: unknown) =>
  fake.ipcHandlers.get(CHANNELS.request)?.({ senderFrame: { origin: 'app://prospect', parent: null } }, { name, input });
const info = await ask('app.getInfo');
const created = await ask('projects.create', { name: 'Reviews' });
const opened = await ask('files.takeOpened');
const licences = (await ask('app.listLicences')) as { ok: boolean; value: { name: string }[] };
const told = fake.windows[0]?.webContents.sent.map(([, message]) => (message as { name: string }).name);
const preferences = fake.windows[0]?.options['webPreferences'];
fake.windows[0]?.close();
await new Promise((resolve) => setTimeout(resolve, 200));

process.stdout.write(
  JSON.stringify({
    windowsBeforeReady,
    page: { status: page?.status, text: await page?.text() },
    info,
    created,
    opened,
    licences: licences.ok ? licences.value.map(({ name }) => name) : licences,
    told,
    preferences,
    userData: fake.paths.get('userData'),
    errors: fake.errors,
    exitCode: fake.exitCode,
  }),
);
process.exit(0);
