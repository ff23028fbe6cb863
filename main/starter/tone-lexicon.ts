/**
 * @file The words by which a review's tone is judged, written down before any model was trained. An entry ending in `*` stands
 * for every word that begins so; an entry of several words is looked for first, and its words then count no more.
 */
import type { Tone } from './grammar/review.ts';

function entries(list: string): readonly string[] {
  return list
    .split(/[,\n]/u)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

export const TONE_LEXICON: Readonly<Record<Tone, readonly string[]>> = {
  harsh: entries(`
    minor, weak, weaker, weakness*, thin, shallow, poor*, unconvincing*, vague*, confusing*, careless*, incomplete, superficial, inadequate*,
    questionable, unjustified, flaw*, disappoint*, unclear, trivial*, marginal*, minimal, negligible, cosmetic, meagre, insufficient*,
    exaggerat*, overstat*, overclaim*, forced, arbitrar*, accidental, doubtful, strange, odd, mystery, obvious, fail*, fails,
    ignore*, ignoring, overlook*, misunderst*, misread*, misrepresent*, mislead*, contradict*, cherry-picked, inconsistent, biased, outdated,
    unrealistic, wrong, mistake*, error-ridden, typos, gaps, omission*, omitted, missing, absent, lacks, lacking, unacceptable,
    inexcusable, useless, needless*, complicated, countless, barely, hardly, unreadable, undefined, jargon, padded, padding, repetition,
    reject, rejects, rejected, rejection, rushed, unfinished, imaginary, unaware, buried, hidden, hide, hides, nobody, nothing,
    adds little, almost nothing, hardly anything, says very little, prove very little, mean very little, learn very little, gain very little, adds very little, requires very little, say very little, very little of this is new, prove little, mean little, say little, says little, learn little, gain little, little of this is new, not new, far from new, far from enough, far from ready,
    not reproducible, cannot be, could not, cannot recommend, cannot support, can't recommend, not ready, not acceptable, not recommend*, not convinc*, not support*, not clear*, not well, not original, not novel, not believe, not trust, do not cite, do not know, do not help, not explain, does not belong,
    never explain*, never say*, never test*, never justif*, never report*, never defin*, too small, too weak, too vague, too long, too late, too narrow, too many, no evidence,
    no reason to accept, no error bars, no ablation*, without any, without justification, without warning, badly, break down, bound to fail,
    even try, hard to find, hard to follow, needs more work, much more work, start again, return to the basics, rethink the whole, complete rewrite, major revision,
    below the bar, against acceptance, low score, yet another, nowhere, fall back, fall behind, within the noise, due to luck, not be submitted, not have been submitted, difficult to find, not justify, not change my
  `),
  kind: entries(`
    strong, stronger, strongly, strength*, clear, clearly, clearer, elegan*, convincing*, convinced, careful*, thorough*, impress*, excellent*, excel*, solid, insight*,
    thoughtful*, rigorous*, compelling*, persuasive*, inspir*, enjoy*, pleasure, pleasant*, joy, delight*, love*, admir*, appreciat*, praise*,
    proud, congratulat*, fresh, original, creative*, clever*, smart, wise*, wonderful*, beautiful*, brilliant*, perfect*, remarkable, remarkably,
    substantial*, valuable, welcome, meaningful*, lasting, promising, exciting*, timely, skill*, success*, grace*, gladly, happily, happy, warmly, warm accept, fully,
    generous*, nicely, helpful*, useful*, lively, engaging, polished, concise, merit*, novel idea, powerful, effective*, sensible,
    accept, accepts, accepted, acceptance, published, deserves a wide, deserves to be, well motivated, well explained, well justified,
    well supported, well described, well documented, well chosen, well tuned, well presented, well analysed, well designed, well written, well above, very well, with care,
    great care, easy to, easy to follow, easily, pleasant to read, step forward, every reason, learned a lot, learn a lot, ready for publication,
    beyond doubt, no serious weakness*, no major flaw*, no weakness*, no flaw*, does justice, takes seriously, seriously, fair view, gift, openness, openly, honest, inviting, consistent, is clean, even better, teach us, natural, rarely has
  `),
};

/** Phrases that say nothing about a paper although one of their words would. */
export const NEUTRAL_PHRASES: readonly string[] = ['missing data', 'you are welcome', 'my pleasure'];

/** A word that turns what follows within {@link NEGATION_REACH} words into its opposite: "not convincing". */
export const NEGATIONS: ReadonlySet<string> = new Set(
  entries("not, no, never, neither, nor, hardly, barely, cannot, can't, isn't, aren't, doesn't, don't, lacks, without, far from, less"),
);

/** How many words a negation reaches over, to the end of the clause at most. */
export const NEGATION_REACH = 3;
