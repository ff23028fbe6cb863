/** @file The colours of charts, on both grounds. */

/** What is not a line. */
export const CHART_COLOURS = {
  light: { text: '#495057', grid: '#e3e6e9', mark: '#868e96' },
  dark: { text: '#c9c9c9', grid: '#3b3b3b', mark: '#828282' },
} as const;

/** Readable on both grounds (3:1 and more), and apart from each other for most colour-blind people. */
const PALETTE: { readonly light: readonly string[]; readonly dark: readonly string[] } = {
  light: ['#066349', '#c2410c', '#1d4ed8', '#7e22ce', '#0f766e', '#9a3412'],
  dark: ['#4cc296', '#fb923c', '#7aa2ff', '#c084fc', '#2dd4bf', '#fdba74'],
};

/** @param index - place in the palette, which begins anew after its end */
export function lineColour(index: number, scheme: 'light' | 'dark'): string {
  return PALETTE[scheme][index % PALETTE[scheme].length] ?? '#888888';
}
