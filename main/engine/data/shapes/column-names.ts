/** @file What columns are called in the wild: how well a name fits a role. */

export type ColumnRole =
  | 'prompt'
  | 'input'
  | 'system'
  | 'history'
  | 'completion'
  | 'label'
  | 'chosen'
  | 'rejected'
  | 'messages'
  | 'choice'
  | 'score'
  | 'tools'
  | 'templateKwargs';

interface RoleNames {
  /** The project's own and TRL's name: never in doubt. */
  readonly own: string;
  readonly strong: string;
  readonly fair: string;
  /** Words within a longer name. */
  readonly parts: string;
}

/** Words are separated by spaces; names are compared without case, spaces, hyphens and underscores. */
const NAMES: Readonly<Record<ColumnRole, RoleNames>> = {
  prompt: {
    own: 'prompt',
    strong: 'instruction question query userprompt userquestion usermessage userinput userquery inputprompt instructions prompts',
    fair: 'input inputs request user human problem task message q ask context usertext customer',
    parts: 'prompt question instruction query input request user',
  },
  input: { own: 'input', strong: '', fair: '', parts: '' },
  system: { own: 'system', strong: 'systemprompt systemmessage sysprompt', fair: '', parts: '' },
  history: { own: 'history', strong: '', fair: '', parts: '' },
  completion: {
    own: 'completion',
    strong:
      'response answer output reply modelresponse modeloutput modelanswer airesponse aianswer botresponse botreply botanswer llmresponse' +
      ' llmoutput llmanswer assistantresponse assistantanswer assistantreply generatedtext generatedanswer completions',
    fair: 'generation assistant assistantmessage bot ai gpt text result prediction a outputs generated summary review content',
    parts: 'completion response answer output reply generation generated',
  },
  label: {
    own: 'label',
    strong: 'ktotag thumb thumbs thumbsup thumbup desirable isdesirable like liked isliked feedback userfeedback humanfeedback vote isgood',
    fair:
      'rating userrating score good helpful correct iscorrect quality stars grade accepted approved verdict reaction votes upvote upvoted' +
      ' positive satisfied acceptable evaluation preference thumbsupdown updown labels rate',
    parts: 'label thumb thumbs rating score vote feedback like liked quality grade stars kto satisfaction',
  },
  chosen: {
    own: 'chosen',
    strong: 'preferred chosenresponse chosenanswer chosenoutput preferredresponse preferredanswer preferredoutput responsechosen',
    fair: 'win winner winning good better best positive pos accepted selected goodanswer goodresponse betteranswer betterresponse liked',
    parts: 'chosen preferred good better win winning best accepted positive selected',
  },
  rejected: {
    own: 'rejected',
    strong:
      'dispreferred rejectedresponse rejectedanswer rejectedoutput dispreferredresponse dispreferredanswer notpreferred nonpreferred' +
      ' unpreferred notchosen unchosen responserejected',
    fair: 'lose loser losing bad worse worst negative neg declined badanswer badresponse worseanswer worseresponse disliked reject',
    parts: 'rejected dispreferred bad worse lose losing worst declined negative',
  },
  messages: {
    own: 'messages',
    strong: 'conversations conversation',
    fair: 'dialog dialogue chat turns thread transcript chathistory',
    parts: 'messages conversation conversations chat dialog dialogue turns',
  },
  choice: {
    own: 'winner',
    strong: 'preference preferred choice better betterresponse betterresponseid chosen best selected vote',
    fair: 'label verdict win judgment judgement decision result annotation ranking rank comparison',
    parts: 'winner preference preferred choice better chosen best',
  },
  score: {
    own: 'score',
    strong: 'overallscore rating overallrating reward',
    fair: 'rank quality grade points stars',
    parts: 'score rating rank reward',
  },
  tools: { own: 'tools', strong: '', fair: '', parts: '' },
  templateKwargs: { own: 'chattemplatekwargs', strong: '', fair: '', parts: '' },
};

/** "not preferred" must not be taken for "preferred". */
const NEGATIONS = new Set(['not', 'non', 'un', 'dis', 'no', 'never']);

/** What a prompt may need beside the question: not to be forgotten without a word. */
const BACKGROUND = new Set(['context', 'passage', 'document', 'documents', 'article', 'background', 'history', 'reference', 'source']);

/** Columns about an answer (`score_chosen`, `prompt_id`), not the answer itself. */
const ABOUT = new Set(
  (
    'id ids uuid hash key model models source length tokens time timestamp date created updated lang language comment comments remark remarks' +
    ' note notes reason reasons rationale critique explanation category topic tags url name username email'
  ).split(' '),
);

/** Of a yes in a column that is called so, the answer is bad. */
const UNDESIRABLE_FLAGS = new Set(
  (
    'bad isbad dislike disliked thumbsdown thumbdown downvote downvoted flagged isflagged toxic istoxic harmful isharmful unsafe rejected' +
    ' wrong iswrong incorrect error iserror hallucination hallucinated spam isspam offensive refused refusal negative undesirable'
  ).split(' '),
);

export interface NameFit {
  /** 1 = it can hardly mean anything else; 0 = it says nothing. */
  readonly certainty: number;
  /** Whether it is the very name that Prospect and TRL use. */
  readonly isOwn: boolean;
}

/** How well a column's name fits a role. */
export function fitName(name: string, role: ColumnRole): NameFit {
  const words = nameWords(name);
  const joined = words.join('');
  const names = NAMES[role];
  if (joined === names.own) return { certainty: 1, isOwn: true };
  if (has(names.strong, joined)) return { certainty: 1, isOwn: false };
  if (has(names.fair, joined)) return { certainty: 0.85, isOwn: false };
  // `score_chosen` rates one of two answers; it is no label of a row.
  if (role === 'label' && (words.includes('chosen') || words.includes('rejected'))) return { certainty: 0, isOwn: false };
  const isPart = words.some((word) => has(names.parts, word)) && !words.some((word) => NEGATIONS.has(word) || ABOUT.has(word));
  return { certainty: isPart ? 0.65 : 0, isOwn: false };
}

/** Whether the column is about an answer (an id, a date, a model's name) rather than the answer or what is thought of it. */
export function namesDetail(name: string): boolean {
  return nameWords(name).some((word) => ABOUT.has(word));
}

/** Whether the column may hold what a question is about. */
export function namesBackground(name: string): boolean {
  return BACKGROUND.has(nameWords(name).join(''));
}

/** Whether a yes in this column speaks against the answer. */
export function namesUndesirable(name: string): boolean {
  return UNDESIRABLE_FLAGS.has(nameWords(name).join(''));
}

/** The words of a name in small letters: "userPrompt_2" is user, prompt, 2. */
export function nameWords(name: string): readonly string[] {
  return name
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{L})(\d)/gu, '$1 $2')
    .replace(/(\d)(\p{L})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

function has(list: string, name: string): boolean {
  return name !== '' && ` ${list} `.includes(` ${name} `);
}
