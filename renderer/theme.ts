/** @file The look: the system's font, one calm colour, small sizes, because the screens are dense. */
import { createTheme, Modal, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';
import { sharedWords } from '#renderer/words/shared.ts';

const SYSTEM_FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif';
const SYSTEM_MONOSPACE = 'ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace';

/** The icon's green, from the lightest; the last has enough contrast for small text, on both grounds and under white (WCAG AA). */
const GREEN: MantineColorsTuple = [
  '#e9f9f3',
  '#d3f0e5',
  '#a5e0ca',
  '#74d0ae',
  '#4cc296',
  '#33b987',
  '#22ae7c',
  '#10946a',
  '#077d5a',
  '#066349',
];

export const theme = createTheme({
  fontFamily: SYSTEM_FONT,
  fontFamilyMonospace: SYSTEM_MONOSPACE,
  headings: { fontFamily: SYSTEM_FONT, fontWeight: '600' },
  colors: { prospect: GREEN },
  primaryColor: 'prospect',
  primaryShade: 9,
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // Mantine gives the cross of a dialog no name.
    Modal: Modal.extend({ defaultProps: { closeButtonProps: { 'aria-label': sharedWords.close } } }),
  },
});

/**
 * Quiet text is still read: Mantine's own has too little contrast on the dark ground (WCAG AA). The two labels have one colour each, as text
 * and as an area, on every screen; orange against green is told apart by people who see no red.
 */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {
    '--prospect-desirable-area': 'var(--mantine-color-teal-7)',
    '--prospect-undesirable-area': 'var(--mantine-color-orange-6)',
  },
  light: {
    '--mantine-color-dimmed': 'var(--mantine-color-gray-7)',
    '--mantine-color-error': 'var(--mantine-color-red-9)',
    '--prospect-desirable': '#04533f',
    '--prospect-undesirable': '#7c2d00',
    '--prospect-caution': '#b93b00',
  },
  dark: {
    '--mantine-color-dimmed': 'var(--mantine-color-dark-1)',
    '--mantine-color-error': 'var(--mantine-color-red-4)',
    '--prospect-desirable': 'var(--mantine-color-teal-3)',
    '--prospect-undesirable': 'var(--mantine-color-orange-3)',
    '--prospect-caution': 'var(--mantine-color-orange-4)',
  },
});
