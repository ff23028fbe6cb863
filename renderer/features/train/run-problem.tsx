/** @file Why a run ended before its time, and what can be done about it. */
import { Alert, List, Text } from '@mantine/core';
import type { RunProblem as Problem } from '#contract/runs.ts';

export function RunProblem({ problem, isResumable }: { readonly problem: Problem; readonly isResumable: boolean }) {
  return (
    <Alert color={isResumable ? 'orange' : 'red'} title={problem.title} role="alert">
      <Text size="sm">{problem.message}</Text>
      <List size="sm" mt={6}>
        {problem.advice.map((text) => (
          <List.Item key={text}>{text}</List.Item>
        ))}
      </List>
    </Alert>
  );
}
