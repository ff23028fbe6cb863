/**
 * @file Words and patterns of paper titles. A method is an adjective and a noun that stands without an article ("sparse
 * attention"). None of these words may belong to the tone lexicon: a title must not decide how a review is judged.
 */
import type { RuleTable } from './grammar.ts';

function words(list: string): readonly string[] {
  return list.split(',').map((word) => word.trim());
}

export const TITLE_RULES: RuleTable = {
  method_kind: words(
    'sparse, adaptive, hierarchical, recursive, spectral, causal, latent, neural, Bayesian, stochastic, modular, contrastive, federated, local, global, dynamic, compact, layered, guided, joint, masked, parallel, symbolic, probabilistic, geometric, sequential, distributed, iterative, selective, online, weighted, random, hybrid, gated, deep, linear, greedy, lazy, shared, delayed, approximate, continuous, discrete, balanced, nested, private, two-stage, multi-task, low-rank, self-supervised',
  ),
  method_noun: words(
    'attention, regression, search, sampling, clustering, inference, pruning, matching, alignment, segmentation, simulation, compression, distillation, encoding, decoding, filtering, ranking, voting, embedding, smoothing, calibration, adaptation, averaging, diffusion, propagation, estimation, optimisation, factorisation, scheduling, hashing, routing, planning, reasoning, imitation, exploration, annotation, augmentation, normalisation, quantisation, interpolation, reinforcement, memory, caching, coding, fusion',
  ),
  method: ['{method_kind} {method_noun}'],
  setting: words(
    'with noisy labels, with partial data, with small samples, with limited memory, with human feedback, with few examples, with uneven data, with changing goals, under uncertainty, under tight budgets, under time pressure, under privacy rules, in the wild, in low light, in large cities, in small villages, in real time, in open worlds, in noisy rooms, in high dimensions, at scale, at low cost, at night, at the edge, on mobile devices, on old hardware, on a budget, from sparse data, from faint signals, from raw text, from a single example, from many views, without labels, without supervision, without retraining, without a server, across regions, across languages, over long periods, over many years',
  ),
  quality: words(
    'faster, safer, cheaper, fairer, greener, better, scalable, reliable, practical, private, automatic, general, interactive, trustworthy, open, flexible, stable, human-centred',
  ),
  subtitle: words(
    'a case study, a second look, a field report, lessons from practice, theory and practice, a large study, a small survey, a new benchmark, what works and why, one year later, a unified view, first steps, an open problem, methods and data, a common framework, the road ahead',
  ),
  virtue: words('limits, value, cost, power, role, geometry, stability, use, future, theory, dynamics, price'),
  how: words('fast, fair, stable, general, practical, safe, private, reliable'),
  name: words(
    'Lumen, Otter, Maple, Quartz, Pebble, Harbor, Comet, Willow, Ember, Falcon, Tulip, Orbit, Prism, Raven, Saffron, Compass, Meadow, Lantern, Beacon, Thistle, Walnut, Mosaic, Ripple, Anchor, Cedar, Drift, Echo, Fern, Glacier, Heron',
  ),
  title: [
    '{paper_method} for {paper_topic}',
    '{paper_method} for {paper_topic} {setting}',
    '{paper_method} for {paper_topic} {setting}',
    '{paper_method} for {quality} {paper_topic}',
    'towards {quality} {paper_topic} with {paper_method}',
    'towards {quality} {paper_topic} {setting}: the role of {paper_method}',
    '{paper_topic} with {paper_method}: {subtitle}',
    '{paper_topic} {setting}: a [study|survey|test|theory] of {paper_method}',
    '[rethinking|revisiting|understanding|explaining] {paper_method} for {paper_topic}',
    '[rethinking|revisiting|understanding] {paper_topic} {setting} through {paper_method}',
    'on the {virtue} of {paper_method} for {paper_topic}',
    'on the {virtue} of {paper_method} in {paper_topic} {setting}',
    'how {how} is {paper_method} for {paper_topic}?',
    '[does|when does|why does|where does] {paper_method} help {paper_topic}?',
    'can {paper_method} improve {paper_topic} {setting}?',
    '{name}: {paper_method} for {paper_topic}',
    '{name}: {quality} {paper_topic} with {paper_method}',
    '{name}: {paper_method} for {paper_topic} {setting}',
    'beyond {other_method}: {paper_method} for {paper_topic}',
    'from {other_method} to {paper_method}: {paper_topic} {setting}',
    'improving {paper_topic} [through|with|by] {paper_method}',
    'improving {paper_topic} {setting} [through|with] {paper_method}',
    'a {quality} approach to {paper_topic} with {paper_method}',
    '{paper_method} meets {paper_topic}: {subtitle}',
    '{paper_method} and {other_method} for {paper_topic}',
    '{paper_method} or {other_method}? a comparison for {paper_topic}',
    'scaling {paper_method} for {paper_topic} {setting}',
    'learning {paper_topic} from {paper_method}',
    '{paper_method} as a tool for {paper_topic} {setting}',
  ],
  other_method: ['{method}'],
  // Titles that name no method.
  plain_title: [
    '{paper_topic} {setting}',
    '{paper_topic} {setting}: {subtitle}',
    '{name}: {paper_topic} {setting}',
    'towards {quality} {paper_topic} {setting}',
    '{name}: {quality} {paper_topic} {setting}',
    'a {quality} benchmark for {paper_topic} {setting}',
    'how {how} is {paper_topic} {setting}?',
    'a [survey|study|theory|model|map] of {paper_topic} {setting}',
    '{name}: a {quality} tool for {paper_topic}',
  ],
};
