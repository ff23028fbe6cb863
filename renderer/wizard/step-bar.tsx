/** @file The steps in a row: where a person is, what is done, and what is blocked and why. */
import { Text, Tooltip, UnstyledButton } from '@mantine/core';
import type { Step, StepName } from '#contract/steps.ts';
import { stepsWords } from '#renderer/words/steps.ts';
import classes from './step-bar.module.css';

export interface StepBarProps {
  readonly steps: readonly Step[];
  readonly current: StepName;
  readonly onChoose: (name: StepName) => void;
}

export function StepBar({ steps, current, onChoose }: StepBarProps) {
  return (
    <nav aria-label={stepsWords.title}>
      <ol className={classes.list}>
        {steps.map((step, index) => (
          <li key={step.name} className={classes.item}>
            <StepButton step={step} number={index + 1} isCurrent={step.name === current} onChoose={onChoose} />
          </li>
        ))}
      </ol>
    </nav>
  );
}

interface StepButtonProps {
  readonly step: Step;
  readonly number: number;
  readonly isCurrent: boolean;
  readonly onChoose: (name: StepName) => void;
}

function StepButton({ step: { name, state, note }, number, isCurrent, onChoose }: StepButtonProps) {
  const noteId = `step-note-${name}`;
  return (
    <>
      <Tooltip label={note} openDelay={300} withArrow>
        <UnstyledButton
          className={classes.step}
          data-state={state}
          aria-current={isCurrent ? 'step' : undefined}
          aria-describedby={noteId}
          onClick={() => onChoose(name)}
        >
          <span className={classes.mark} aria-hidden>
            {state === 'done' ? <CheckMark /> : number}
          </span>
          <Text span size="sm" className={classes.title} aria-hidden>
            {stepsWords.titles[name]}
          </Text>
          <span className={classes.heard}>{`${stepsWords.titles[name]}, ${stepsWords.states[state]}`}</span>
        </UnstyledButton>
      </Tooltip>
      <span id={noteId} className={classes.heard}>
        {note}
      </span>
    </>
  );
}

function CheckMark() {
  return (
    <svg viewBox="0 0 12 12" width="10" height="10" fill="none" stroke="currentColor" strokeWidth="2">
      <path d="M2 6.5 5 9.5 10 3" />
    </svg>
  );
}
