/** @file The commands. */
import type { CommandEntry } from './command.ts';
import { DATA_COMMANDS } from './data/data-commands.ts';
import { PROJECT_COMMANDS } from './project/project-entries.ts';

const MODEL = 'models/TinyLlama-1.1B-Chat';

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'train',
    summary: 'Trains a LoRA adapter on your data with KTO or DPO.',
    usage: ['train --model DIR --data FILE --method kto|dpo --out DIR [options]'],
    about: [
      'Writes a PEFT adapter, run.json (all settings, usable with --config), metrics.jsonl and checkpoints to --out. ' +
        'Ctrl-C stops after the work in hand and saves a checkpoint; --resume continues from it with the same result.',
    ],
    examples: [
      ['KTO on answers marked good or bad', `train --model ${MODEL} --data reviews.jsonl --method kto --out runs/kto --learning-rate 1e-4`],
      [
        'DPO on pairs, a tenth of the prompts held out',
        `train --model ${MODEL} --data pairs.jsonl --eval-ratio 0.1 --method dpo --out runs/dpo`,
      ],
      [
        'The settings of an earlier run, one of them changed',
        'train --config runs/kto/run.json --model … --data … --out runs/kto-2 --beta 0.2',
      ],
      ['Continue a run that was stopped', `train --model ${MODEL} --data reviews.jsonl --out runs/kto --resume`],
      ['One JSON object a line, for a script', 'train --model … --data … --method kto --out runs/kto --json'],
    ],
    load: async () => (await import('./train-command.ts')).TRAIN,
  },
  {
    name: 'plan',
    summary: 'Says how much memory and time a run will take, before it is started.',
    usage: ['plan --model DIR --data FILE --method kto|dpo [options of train]'],
    about: [
      'Chooses the fastest way to compute that fits the memory budget, as train does by itself, and times a part of one step. ' +
        'Nothing is written but hashes and, where weights can not be mapped, its float32 copy, in the cache folder.',
    ],
    examples: [
      ['Will it fit', `plan --model ${MODEL} --data reviews.jsonl --method kto --per-device-train-batch-size 16`],
      ['In 6 GB', `plan --model ${MODEL} --data reviews.jsonl --method kto --memory-budget 6GB --no-dry-run`],
    ],
    load: async () => (await import('./plan-command.ts')).PLAN,
  },
  {
    name: 'engines',
    summary: 'Lists what can compute on this machine, tests each, and remembers the fastest.',
    usage: ['engines [--engine NAME] [--no-test]'],
    about: [
      'Each engine runs the same small training step in a process of its own: its gradients are compared with the processor’s, then its speed is measured. ' +
        'What is found is kept in the cache folder until the machine, a driver or a library changes; train, score and plan then use the fastest, unless --engine names one.',
    ],
    examples: [
      ['Test everything', 'engines'],
      ['Only the graphics card', 'engines --engine onnx:webgpu'],
    ],
    load: async () => (await import('./engines-command.ts')).ENGINES_COMMAND,
  },
  {
    name: 'score',
    summary: 'Prints the log-probability of every answer in a file, one JSON object a line.',
    usage: ['score --model DIR [--adapter DIR] --data FILE [--max-length N]'],
    about: [
      'A row with a completion gives {"row":0,"logp":-12.34,"tokens":7}, a pair {"row":0,"chosen":{…},"rejected":{…}}. ' +
        'Rows count from 0; logp is in nats, summed over the tokens of the answer.',
    ],
    examples: [
      ['The base model', `score --model ${MODEL} --data reviews.jsonl > base.jsonl`],
      ['With an adapter', `score --model ${MODEL} --adapter runs/kto --data reviews.jsonl > kto.jsonl`],
    ],
    load: async () => (await import('./score-command.ts')).SCORE,
  },
  {
    name: 'chat',
    summary: 'Talks to a model or an adapter, with llama.cpp.',
    usage: ['chat --model DIR [--adapter DIR] [--prompt TEXT]'],
    about: [
      'The model is converted to GGUF once and kept in the cache folder. The chat template is the model’s own. When a conversation outgrows the context, ' +
        'its oldest questions and their answers are left out; the system message and the last question stay.',
    ],
    examples: [
      ['A conversation', `chat --model ${MODEL} --adapter runs/kto`],
      ['One answer, the same each time', `chat --model ${MODEL} --prompt "Review this title: …" --seed 1`],
      ['For a script', `chat --model ${MODEL} --prompt "Hello" --greedy --json`],
    ],
    load: async () => (await import('./chat-command.ts')).CHAT,
  },
  {
    name: 'generate',
    summary: 'Answers prompts with a model, with or without an adapter.',
    usage: ['generate --model DIR [--adapter DIR] --prompt TEXT', 'generate --model DIR [--adapter DIR] --prompts FILE'],
    about: [
      'With --prompt the answer is written as it comes. With --prompts every answer is a line {"row":0,"prompt":…,"answer":"…","tokens":7,' +
        '"finish_reason":"stop"}; rows count from 0, and lines come as answers are finished.',
    ],
    examples: [
      ['Ask the starter model', 'generate --model resources/starter-model --prompt "What do you think of this paper?"'],
      ['The same prompts before and after', 'generate --model … --adapter runs/kto --prompts prompts.jsonl --seed 1'],
    ],
    load: async () => (await import('./generate-command.ts')).GENERATE,
  },
  {
    name: 'pretrain',
    summary: 'Trains a small model from nothing but texts, with a tokenizer of its own.',
    usage: ['pretrain --config FILE --data FILE [--eval-data FILE] --out DIR [--resume]'],
    about: [
      'Every weight is trained to predict each token from those before it. Writes a model folder with float16 weights, metrics.jsonl and, ' +
        'on the way, checkpoints to --out. The same recipe and texts give the same bytes on the same machine, interrupted or not. ' +
        'This is how the starter model was made (npm run starter-model); it is meant for models of a few million parameters.',
    ],
    examples: [
      ['A model of your own', 'pretrain --config resources/starter-model/recipe.json --data texts.jsonl --out models/mine'],
      ['Continue a run that was stopped', 'pretrain --config … --data texts.jsonl --out models/mine --resume'],
    ],
    load: async () => (await import('./pretrain-command.ts')).PRETRAIN,
  },
  {
    name: 'import',
    summary: 'Brings an adapter made elsewhere, or a finished run, into a project of the window.',
    usage: ['import --adapter DIR --model DIR [--project NAME]', 'import --run DIR [--project NAME]'],
    about: [
      'What is brought in is checked and copied; the folder it came from stays as it is. Of an adapter, shapes must fit the base model. While a window is open, ' +
        'use its own import.',
    ],
    examples: [
      ['An adapter from the hub', 'import --adapter downloads/my-lora --model models/TinyLlama-1.1B-Chat'],
      ['A run of the command line', 'import --run runs/kto --project Reviews'],
    ],
    load: async () => (await import('./import-command.ts')).IMPORT,
  },
  {
    name: 'eval',
    summary: 'Measures an adapter on held-out pairs.',
    usage: ['eval --adapter DIR --pairs FILE [--model DIR]'],
    about: [
      'How often the chosen answer has the higher implicit reward, by how much, and with which loss; and, of answers drawn to the same prompts, their length, ' +
        'their variety and how far the adapter has moved from the base model (KL). The same for every run, whatever loss it was trained with.',
    ],
    examples: [['A run', 'eval --adapter runs/kto --pairs held-out.jsonl']],
    load: async () => (await import('./eval-command.ts')).EVAL,
  },
  {
    name: 'compare',
    summary: 'Puts two or more runs beside each other, measured in the same way, with a verdict.',
    usage: ['compare --runs DIR,DIR --pairs FILE [--out DIR]'],
    about: [
      'Says what differs in their settings, measures each as eval does, and says whether the difference is more than chance explains. The report is one HTML file ' +
        'that opens offline, with curves, figures, settings and answers side by side.',
    ],
    examples: [['KTO or DPO', 'compare --runs runs/kto,runs/dpo --pairs held-out.jsonl --out reports/kto-dpo']],
    load: async () => (await import('./compare-command.ts')).COMPARE,
  },
  {
    name: 'export',
    summary: 'Takes a run away as a PEFT adapter, a merged model, GGUF or a TRL job, and loads it again to be sure.',
    usage: ['export --run DIR --as adapter|merged|gguf|gguf-lora|trl-job --out DIR'],
    about: [
      'What was written is loaded again, and its log-probabilities are compared with those of the run; the largest difference is printed, and the exit code is 1 ' +
        'if it is more than rounding explains. A TRL job holds the rows in the order of the run, the initial adapter, train.py and configurations of accelerate.',
    ],
    examples: [
      ['For PEFT and the hub', 'export --run runs/kto --as adapter --out exports/kto'],
      ['For Ollama or llama.cpp', 'export --run runs/kto --as gguf --dtype Q8_0 --out exports/kto-gguf'],
      ['The same run on a cluster', 'export --run runs/kto --as trl-job --out exports/kto-job'],
    ],
    load: async () => (await import('./export-command.ts')).EXPORT,
  },
  {
    name: 'inspect',
    summary: 'Says what a model, a data file or an adapter is, and whether it can be used.',
    usage: ['inspect --model DIR', 'inspect --data FILE', 'inspect --adapter DIR [--model DIR]'],
    about: ['The exit code is 0 if everything asked about can be used, else 1.'],
    examples: [
      ['Before a download is trusted', `inspect --model ${MODEL}`],
      ['Which rows are wrong', 'inspect --data reviews.jsonl'],
      ['Does the adapter fit the model', `inspect --adapter runs/kto --model ${MODEL}`],
    ],
    load: async () => (await import('./inspect-command.ts')).INSPECT,
  },
  ...PROJECT_COMMANDS,
  ...DATA_COMMANDS,
  {
    name: 'doctor',
    summary: 'Checks the database, the files beside it, the disk and the engine.',
    usage: ['doctor [--check-hashes]'],
    about: ['Changes nothing, and works beside an open window. The exit code is 0 if all is well, else 1.'],
    examples: [
      ['Is all well', 'doctor'],
      ['Are all files what they were', 'doctor --check-hashes'],
    ],
    load: async () => (await import('./doctor-command.ts')).DOCTOR,
  },
];
