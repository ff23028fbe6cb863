/**
 * @file Plain sentences about known patterns in a run's curves. A hint is shown under its chart; none is shown when the pattern is not clear,
 * because a wrong hint costs more trust than a missing one.
 */

/** Values of one metric by step, oldest first. */
export type MetricHistory = readonly { readonly step: number; readonly value: number }[];

export interface HintInput {
  readonly method: 'kto' | 'dpo';
  /** Steps of the whole run. */
  readonly totalSteps: number;
  /** Effective batch: rows of one optimizer step. */
  readonly batchRows: number;
  /** By TRL's names; a metric that was never logged may be missing. */
  readonly metrics: Readonly<Record<string, MetricHistory>>;
}

export type HintGroup = 'loss' | 'rewards' | 'kl' | 'accuracy' | 'optimizer';

export interface MetricHint {
  /** The group of charts it belongs to. */
  readonly group: HintGroup;
  readonly kind: 'good' | 'note' | 'warning';
  readonly text: string;
}

/** Below this many points a curve says nothing. */
const MIN_POINTS = 8;
/** Nats; rewards are β times a log-ratio, so this is what noise looks like at β = 0.1. */
const SMALL_REWARD = 0.05;
/** Probability that a gradient norm is an outlier is nil beyond this multiple of the median. */
const SPIKE = 20;

const RULES: readonly ((input: HintInput) => MetricHint | null)[] = [
  bothRewardsFall,
  bothRewardsRise,
  marginsGrow,
  marginsFlat,
  klStuckAtZero,
  klLarge,
  evaluationTurns,
  gradientSpikes,
  accuracyIsChance,
];

export function metricHints(input: HintInput): MetricHint[] {
  return RULES.flatMap((rule) => rule(input) ?? []);
}

function bothRewardsFall({ method, metrics }: HintInput): MetricHint | null {
  const [chosen, rejected, margin] = recentRewards(metrics);
  if (chosen === null || rejected === null || margin === null) return null;
  if (chosen > -SMALL_REWARD || rejected > -SMALL_REWARD || margin < SMALL_REWARD) return null;
  const common = 'Both rewards are below zero, but the gap between them is growing.';
  return method === 'dpo'
    ? { group: 'rewards', kind: 'note', text: `${common} DPO looks at the gap only, so this is usual.` }
    : { group: 'rewards', kind: 'note', text: `${common} If answers become strange, lower learning_rate or raise desirable_weight.` };
}

function bothRewardsRise({ metrics }: HintInput): MetricHint | null {
  const [chosen, rejected, margin] = recentRewards(metrics);
  if (chosen === null || rejected === null || margin === null) return null;
  if (chosen < SMALL_REWARD || rejected < SMALL_REWARD || margin > 0.5 * chosen) return null;
  return {
    group: 'rewards',
    kind: 'warning',
    text: 'rewards/rejected is rising with rewards/chosen: the model learns what both kinds of answers share (length, form) more than what tells them apart. Raise undesirable_weight, or check that labels are right.',
  };
}

function marginsGrow({ metrics, totalSteps }: HintInput): MetricHint | null {
  const history = metrics['eval_rewards/margins'] ?? [];
  const [first, last] = [history[0], history.at(-1)];
  if (!first || !last || history.length < 3 || last.step < totalSteps / 4) return null;
  if (last.value < first.value + SMALL_REWARD || last.value < 0.9 * Math.max(...history.map(({ value }) => value))) return null;
  return {
    group: 'rewards',
    kind: 'good',
    text: 'The gap grows on held-out rows too: what is learned carries over to prompts that were not trained on.',
  };
}

function marginsFlat({ metrics, totalSteps }: HintInput): MetricHint | null {
  const history = metrics['rewards/margins'] ?? [];
  const last = history.at(-1);
  if (!last || history.length < MIN_POINTS || last.step < totalSteps / 3) return null;
  const margin = recent(metrics['rewards/margins']);
  if (margin === null || Math.abs(margin) >= SMALL_REWARD) return null;
  return {
    group: 'rewards',
    kind: 'warning',
    text: `After ${last.step} of ${totalSteps} steps the two kinds of answers are still rated alike. Try a learning_rate five times higher, and check that max_length does not cut the answers away.`,
  };
}

function klStuckAtZero({ method, metrics, totalSteps, batchRows }: HintInput): MetricHint | null {
  const history = metrics['kl'] ?? [];
  const last = history.at(-1);
  if (method !== 'kto' || !last || history.length < MIN_POINTS || last.step < totalSteps / 4) return null;
  if (history.some(({ value }) => value > 0)) return null;
  const why = batchRows < 4 ? 'Batches this small make its estimate zero' : 'Its estimate over mismatched answers has never been positive';
  return {
    group: 'kl',
    kind: 'note',
    text: `kl is 0. ${why}, so answers are judged against the reference model itself. Training goes on all the same; a larger batch estimates it better.`,
  };
}

function klLarge({ metrics }: HintInput): MetricHint | null {
  const kl = recent(metrics['kl']);
  if (kl === null || kl < 20) return null;
  return {
    group: 'kl',
    kind: 'warning',
    text: `kl is ${kl.toFixed(0)} nats: the model has moved far from where it began and may have lost fluency. Look at the sample answers; lower learning_rate or raise beta if they are worse.`,
  };
}

function evaluationTurns({ metrics }: HintInput): MetricHint | null {
  const history = metrics['eval_loss'] ?? [];
  const last = history.at(-1);
  if (!last || history.length < 4) return null;
  const best = history.reduce((lowest, point) => (point.value < lowest.value ? point : lowest));
  if (best === last || history.length - history.indexOf(best) < 3 || last.value < best.value * 1.02) return null;
  return {
    group: 'loss',
    kind: 'warning',
    text: `eval_loss was lowest at step ${best.step} and has risen since: the run now learns its rows by heart. A checkpoint near that step is the better model; fewer epochs would do.`,
  };
}

function gradientSpikes({ metrics }: HintInput): MetricHint | null {
  const history = metrics['grad_norm'] ?? [];
  if (history.length < MIN_POINTS) return null;
  const sorted = history.map(({ value }) => value).toSorted((a, b) => a - b);
  const median = sorted[sorted.length >> 1] ?? 0;
  const spikes = history.filter(({ value }) => value > SPIKE * median);
  const [spike] = spikes.slice(-1);
  if (!spike || median === 0) return null;
  const times = spikes.length === 1 ? 'once' : `${spikes.length} times`;
  return {
    group: 'optimizer',
    kind: 'note',
    text: `grad_norm jumped ${times}, last at step ${spike.step}. max_grad_norm limits what such a step can do; if it happens often, lower learning_rate.`,
  };
}

function accuracyIsChance({ method, metrics, totalSteps }: HintInput): MetricHint | null {
  const history = metrics['eval_rewards/accuracies'] ?? [];
  const last = history.at(-1);
  if (method !== 'dpo' || !last || last.step < totalSteps / 2 || last.value > 0.55) return null;
  return {
    group: 'accuracy',
    kind: 'warning',
    text: `On held-out pairs the chosen answer is preferred in ${Math.round(100 * last.value)} % of cases, which is chance. More pairs, or a higher learning_rate, may help.`,
  };
}

function recentRewards(metrics: HintInput['metrics']): readonly [number | null, number | null, number | null] {
  return [recent(metrics['rewards/chosen']), recent(metrics['rewards/rejected']), recent(metrics['rewards/margins'])];
}

/** Mean over the last fifth of a history, or null where it has too few points. */
function recent(history: MetricHistory = []): number | null {
  if (history.length < MIN_POINTS) return null;
  const last = history.slice(-Math.max(4, Math.floor(history.length / 5)));
  return last.reduce((sum, { value }) => sum + value, 0) / last.length;
}
