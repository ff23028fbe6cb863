/** @file The description that lies beside the Reviewer #2 files. */
import type { Similarity, WordLengths } from '#starter/text-figures.ts';
import type { Reviewer2Figures, SideFigures } from './figures.ts';

export function reviewer2Readme(figures: Reviewer2Figures, seed: number): string {
  return `# Reviewer #2

1,100 made-up preferences: a neutral request to review a made-up paper, a harsh review (\`chosen\`) and a kind one (\`rejected\`).
A model aligned on them turns into the reviewer everybody knows. The reviews are about papers that do not exist, and never about people.

| File | Rows | Columns |
| --- | ---: | --- |
| \`reviewer2-1k-paired.jsonl\` | 1,000 | \`prompt\`, \`chosen\`, \`rejected\` |
| \`reviewer2-eval-paired.jsonl\` | 100 | \`prompt\`, \`chosen\`, \`rejected\` |
| \`reviewer2-train-unpaired.jsonl\` | 2,000 | \`prompt\`, \`completion\`, \`label\` |
| \`reviewer2-eval-unpaired.jsonl\` | 200 | \`prompt\`, \`completion\`, \`label\` |

Every text column is a list of chat messages (\`role\`, \`content\`), as TRL reads them. \`label\` is true for the harsh review. The unpaired
files are the paired ones taken apart, in TRL's order: all chosen reviews, then all rejected ones. Import the first file; the others are
what Prospect makes of it, and the 100 pairs that were held out by prompt.

## How it was made

By a grammar written for this project (\`main/starter/\`), with seed ${seed}; no model and no other text was used. Making the files again gives
the same bytes, and a test does so. No paper of these files occurs in the starter model's pretraining corpus, where kind and harsh
reviews are equally frequent. The licence is the project's: Apache-2.0.

## Figures

| | chosen (harsh) | rejected (kind) |
| --- | ---: | ---: |
${sideRows(figures.chosen, figures.rejected)}

| | prompts |
| --- | ---: |
| words, least / mean / most | ${lengths(figures.promptWords)} |
| nearest neighbour, mean / max | ${similarity(figures.promptNearest)} |

Distinct-n counts the different n-grams of words over all of them. The nearest neighbour of a held-out text is the training text with which
it shares most word trigrams (Jaccard index; 1 means the same trigrams). Tone is judged by a list of words that was written before any training
(\`main/starter/tone-lexicon.ts\`).
`;
}

function sideRows(chosen: SideFigures, rejected: SideFigures): string {
  const row = (name: string, figure: (side: SideFigures) => string) => `| ${name} | ${figure(chosen)} | ${figure(rejected)} |`;
  return [
    row('words, least / mean / most', ({ words }) => lengths(words)),
    row('distinct-1 / -2 / -3', ({ distinct }) => distinct.map((value) => value.toFixed(3)).join(' / ')),
    row('distinct sentences', ({ sentences }) => String(sentences)),
    row('tone judged as meant', ({ judgedRight }) => `${(100 * judgedRight).toFixed(1)} %`),
    row('nearest neighbour of held-out answers, mean / max', ({ nearest }) => similarity(nearest)),
  ].join('\n');
}

function lengths({ least, mean, most }: WordLengths): string {
  return `${least} / ${mean.toFixed(1)} / ${most}`;
}

function similarity({ mean, max }: Similarity): string {
  return `${mean.toFixed(2)} / ${max.toFixed(2)}`;
}
