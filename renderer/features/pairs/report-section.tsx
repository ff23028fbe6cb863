/** @file What the rows are made of: lengths, scripts, repeated prompts, the longest rows, and whether held-out prompts leak. */
import { Button, SimpleGrid, Stack, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import type { Lengths, Report } from '#contract/pairs.ts';
import { useTask } from '#renderer/api/use-task.ts';
import { Problem } from '#renderer/components/problem.tsx';
import { formatPercent } from '#renderer/words/numbers.ts';
import { pairsWords } from '#renderer/words/pairs.ts';
import classes from './pairs.module.css';
import { Section } from '#renderer/components/section.tsx';

const words = pairsWords.report;

export interface ReportSectionProps {
  readonly versionId: number;
  readonly splitId: number | null;
}

export function ReportSection({ versionId, splitId }: ReportSectionProps) {
  const [report, setReport] = useState<Report | null>(null);
  const task = useTask('pairs.report');
  const look = async (): Promise<void> => {
    const made = await task.start({ versionId, splitId });
    if (made) setReport(made);
  };
  return (
    <Section title={words.title} about={words.tokens}>
      {task.error ? <Problem error={task.error} /> : null}
      {report ? <Shown report={report} /> : null}
      <Button size="xs" variant="default" w="fit-content" loading={task.isRunning} onClick={() => void look()}>
        {report ? words.again : words.make}
      </Button>
    </Section>
  );
}

function Shown({ report }: { readonly report: Report }) {
  const { rows, distinctPrompts, promptLengths, answerLengths, promptScripts, answerScripts, repeatedPrompts, longest, leaks } = report;
  return (
    <Stack gap="sm">
      <Text size="sm">{words.facts(rows, distinctPrompts)}</Text>
      {leaks ? <Text size="sm">{words.leaks(leaks.same, leaks.near, leaks.heldOutRows)}</Text> : null}
      <SimpleGrid cols={2} spacing="lg">
        <Histogram title={words.promptLengths} lengths={promptLengths} />
        <Histogram title={words.answerLengths} lengths={answerLengths} />
      </SimpleGrid>
      <Part title={words.scripts}>
        <Text size="sm">{words.scriptsOf(scriptsText(promptScripts), scriptsText(answerScripts))}</Text>
      </Part>
      <Part title={words.repeated}>
        {repeatedPrompts.length === 0 ? <Text size="sm">{words.noneRepeated}</Text> : null}
        {repeatedPrompts.map(({ text, rows: count }) => (
          <Counted key={text} count={pairsWords.clean.times(count)} text={text} />
        ))}
      </Part>
      <Part title={words.longest}>
        {longest.map(({ characters, row }) => (
          <Counted key={row.id} count={words.characters(characters)} text={`${row.prompt} → ${row.completion}`} />
        ))}
      </Part>
    </Stack>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Stack gap={2}>
      <Text size="xs" fw={500}>
        {title}
      </Text>
      {children}
    </Stack>
  );
}

function Counted({ count, text }: { readonly count: string; readonly text: string }) {
  return (
    <Text size="sm" truncate>
      <Text span c="dimmed">
        {count}
      </Text>{' '}
      {text}
    </Text>
  );
}

function Histogram({ title, lengths: { bins, p50, p95, max } }: { readonly title: string; readonly lengths: Lengths }) {
  const most = Math.max(1, ...bins.map(({ count }) => count));
  return (
    <Stack gap={4}>
      <Text size="xs" fw={500}>
        {title}
      </Text>
      <div className={classes.histogram} role="img" aria-label={`${title}: ${words.percentiles(p50, p95, max)}`}>
        {bins.map(({ from, below, count }) => (
          <div key={from} title={words.bin(from, below, count)} style={{ height: `${(count / most) * 100}%` }} />
        ))}
      </div>
      <Text size="xs" c="dimmed">
        {words.percentiles(p50, p95, max)}
      </Text>
    </Stack>
  );
}

function scriptsText(scripts: Report['promptScripts']): string {
  return scripts.length === 0 ? '–' : scripts.map(({ script, share }) => `${script} ${formatPercent(share)}`).join(', ');
}
