/** @file After both methods were trained by one request: the way to their comparison. */
import { Button } from '@mantine/core';
import type { RunDetails } from '#contract/runs.ts';
import type { StepName } from '#contract/steps.ts';
import { useRequest, useSend } from '#renderer/api/hooks.ts';
import { trainWords } from '#renderer/words/train.ts';

export interface CompareBothProps {
  readonly run: Pick<RunDetails, 'id' | 'projectId'>;
  readonly goTo: (step: StepName) => void;
}

export function CompareBoth({ run: { id, projectId }, goTo }: CompareBothProps) {
  const partner = useRequest('comparisons.findPartner', { runId: id });
  const add = useSend('comparisons.add');
  if (partner.data === undefined || partner.data === null) return null;
  return (
    <Button
      size="xs"
      variant="light"
      loading={add.isPending}
      onClick={() => add.mutate({ projectId, runId: id }, { onSuccess: () => goTo('compare') })}
    >
      {trainWords.run.compareBoth}
    </Button>
  );
}
