/** @file The frame around every screen: projects on the left, the chosen one's screens on the right, and a line above when the connection is lost. */
import { AppShell, useMantineColorScheme } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useRequest, useTold } from '#renderer/api/hooks.ts';
import { ConnectionNotice } from '#renderer/components/connection-notice.tsx';
import { EmptyState } from '#renderer/components/empty-state.tsx';
import { PreferencesOpener } from '#renderer/components/preferences-opener.ts';
import { useKeptState } from '#renderer/components/use-kept-state.ts';
import { AboutDialog } from '#renderer/features/about/about-dialog.tsx';
import { PreferencesDialog } from '#renderer/features/preferences/preferences-dialog.tsx';
import { ProjectsSidebar } from '#renderer/features/projects/projects-sidebar.tsx';
import { frameWords } from '#renderer/words/frame.ts';
import { ProjectScreen } from './project-screen.tsx';

/** Narrow enough for a window of 1024 pixels, wide enough for a name. */
const SIDEBAR_WIDTH = 232;

export function Frame() {
  const [projectId, setProjectId] = useKeptState('project', (text) => (text === '' ? null : Number(text)));
  const [dialog, setDialog] = useState<'about' | 'preferences' | null>(null);
  const projects = useRequest('projects.list');
  const chosen = projects.data?.find(({ id }) => id === projectId) ?? null;
  useChosenTheme();
  useTold('app.menuChosen', ({ command }) => {
    if (command === 'about' || command === 'preferences') setDialog(command);
  });
  return (
    <AppShell navbar={{ width: SIDEBAR_WIDTH, breakpoint: 0 }} padding="md">
      <AppShell.Navbar>
        <ProjectsSidebar chosenId={chosen?.id ?? null} onChoose={setProjectId} onOpen={setDialog} />
      </AppShell.Navbar>
      <AppShell.Main>
        <ConnectionNotice />
        <PreferencesOpener value={() => setDialog('preferences')}>
          {chosen ? (
            <ProjectScreen key={chosen.id} project={chosen} onChoose={setProjectId} />
          ) : (
            <EmptyState title={frameWords.noProject.title}>{frameWords.noProject.note}</EmptyState>
          )}
        </PreferencesOpener>
      </AppShell.Main>
      <AboutDialog opened={dialog === 'about'} onClose={() => setDialog(null)} />
      <PreferencesDialog opened={dialog === 'preferences'} onClose={() => setDialog(null)} />
    </AppShell>
  );
}

/** The person's choice, which main keeps and every window follows. */
function useChosenTheme(): void {
  const { setColorScheme } = useMantineColorScheme();
  const preferences = useRequest('app.getPreferences');
  const chosen = preferences.data?.theme;
  useEffect(() => {
    if (chosen) setColorScheme(chosen);
  }, [chosen, setColorScheme]);
}
