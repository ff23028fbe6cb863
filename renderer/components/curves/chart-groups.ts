/** @file Which metrics stand in which chart, and what they are called for someone who does not know TRL. */
import type { RunHint } from '#contract/runs.ts';

export interface ChartMetric {
  /** TRL's name; `eval_` before it is the same of held-out rows. */
  readonly metric: string;
  readonly label: string;
  /** Place in the palette. */
  readonly colour: number;
}

export interface ChartGroup {
  readonly title: string;
  readonly fileName: string;
  /** The hints that belong below it. */
  readonly hints: RunHint['group'] | null;
  readonly metrics: readonly ChartMetric[];
  readonly mayBeLogarithmic: boolean;
}

/** In their order on the screen; one without any value is not shown. */
export const CHART_GROUPS: readonly ChartGroup[] = [
  {
    title: 'Loss',
    fileName: 'loss',
    hints: 'loss',
    mayBeLogarithmic: true,
    metrics: [{ metric: 'loss', label: 'Loss', colour: 0 }],
  },
  {
    title: 'Rewards',
    fileName: 'rewards',
    hints: 'rewards',
    mayBeLogarithmic: false,
    metrics: [
      { metric: 'rewards/chosen', label: 'Desirable', colour: 0 },
      { metric: 'rewards/rejected', label: 'Undesirable', colour: 1 },
    ],
  },
  {
    title: 'Reward margin',
    fileName: 'margins',
    hints: null,
    mayBeLogarithmic: false,
    metrics: [{ metric: 'rewards/margins', label: 'Margin', colour: 2 }],
  },
  {
    title: 'KL',
    fileName: 'kl',
    hints: 'kl',
    mayBeLogarithmic: false,
    metrics: [{ metric: 'kl', label: 'Distance from the base model', colour: 3 }],
  },
  {
    title: 'Accuracy',
    fileName: 'accuracy',
    hints: 'accuracy',
    mayBeLogarithmic: false,
    metrics: [{ metric: 'rewards/accuracies', label: 'Chosen preferred', colour: 4 }],
  },
  {
    title: 'Gradient',
    fileName: 'grad-norm',
    hints: 'optimizer',
    mayBeLogarithmic: true,
    metrics: [{ metric: 'grad_norm', label: 'Grad norm', colour: 5 }],
  },
  {
    title: 'Learning rate',
    fileName: 'learning-rate',
    hints: null,
    mayBeLogarithmic: false,
    metrics: [{ metric: 'learning_rate', label: 'Learning rate', colour: 3 }],
  },
  {
    title: 'Log-probabilities',
    fileName: 'log-probabilities',
    hints: null,
    mayBeLogarithmic: false,
    metrics: [
      { metric: 'logps/chosen', label: 'Desirable', colour: 0 },
      { metric: 'logps/rejected', label: 'Undesirable', colour: 1 },
    ],
  },
];
