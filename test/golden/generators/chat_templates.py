"""Makes test/golden/chat-templates.json: conversations rendered by transformers' own Jinja environment. Run from the
repository root:

    python test/golden/generators/chat_templates.py

Needs: pip install trl==1.13.0 transformers==5.18.0 (TRL ships the templates of Qwen and Phi, Apache-2.0 and MIT)
"""

import datetime
import json
from pathlib import Path

import transformers.utils.chat_template_utils as chat
import trl

OUT = Path(__file__).resolve().parents[1] / "chat-templates.json"
SHIPPED = Path(trl.__file__).parent / "chat_templates"


class Clock:
    @staticmethod
    def now():
        return datetime.datetime(2024, 3, 5, 14, 7, 9)


TEMPLATES = {
    **{name: (SHIPPED / f"{name}.jinja").read_text() for name in ("qwen2_5", "qwen3", "phi3", "phi3_training")},
    "tinyllama": "{% for message in messages %}\n{% if message['role'] == 'user' %}\n{{ '<|user|>\n' + message['content'] + eos_token }}\n"
                 "{% elif message['role'] == 'system' %}\n{{ '<|system|>\n' + message['content'] + eos_token }}\n"
                 "{% elif message['role'] == 'assistant' %}\n{{ '<|assistant|>\n'  + message['content'] + eos_token }}\n{% endif %}\n"
                 "{% if loop.last and add_generation_prompt %}\n{{ '<|assistant|>' }}\n{% endif %}\n{% endfor %}",
    "strict": "{% if messages[0]['role'] == 'system' %}{% set rest = messages[1:] %}{% set system = messages[0]['content'] %}{% else %}"
              "{% set rest = messages %}{% set system = false %}{% endif %}{% for message in rest %}"
              "{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Roles must alternate') }}{% endif %}"
              "{% set content = '<<SYS>>\\n' + system + '\\n<</SYS>>\\n\\n' + message['content'] if loop.index0 == 0 and system != false else message['content'] %}"
              "{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' if message['role'] == 'user' else ' ' + content.strip() + ' ' + eos_token }}{% endfor %}",
    "python": "{%- if strftime_now is defined %}{{ strftime_now('%d %b %Y %H:%M:%S %B %A %a %y %p %I %m %% %Q') }}{% endif %}\n"
              "{%- for m in messages %}<{{ m.content | trim }}><{{ m.content.strip('H \\n') }}><{{ m.content.lstrip('\\n') }}><{{ m.content.rstrip('\\n') }}>"
              "<{{ m['content'].rstrip().upper() }}>{% endfor %}{{ tools | tojson }}{{ missing }}{{ messages | length }}",
}

TOOLS = [{"type": "function", "function": {"name": "get_weather", "description": "Get the weather: “now” <&>", "parameters": {
    "type": "object", "properties": {"city": {"type": "string"}, "unit": {"type": "string", "enum": ["c", "f"]}}, "required": ["city"]}}}]

U = lambda text: {"role": "user", "content": text}
A = lambda text, **more: {"role": "assistant", "content": text, **more}
S = lambda text: {"role": "system", "content": text}
CONVERSATIONS = [
    [U("Hello")],
    [U("Hello"), A("Hi there!")],
    [S("Be brief."), U("  spaced \n"), A("\n  indented\n    code\n"), U("more"), A("  ok  ")],
    [U("think"), A("<think>\nreason\n</think>\n\n    answer with lead\n"), U("again?"), A("<think>\n\n</think>\n\nfin")],
    [U("think"), A("answer", reasoning_content="because\n")],
    [U("weather?"), A("", tool_calls=[{"type": "function", "function": {"name": "get_weather", "arguments": {"city": "Zürich", "n": 3, "x": 0.5, "ok": True, "z": None}}}]),
     {"role": "tool", "name": "get_weather", "content": "sunny"}, A("It is sunny.")],
    [U("\ufeffbom\u00a0nb \x1c sep\x85 😀\u3000"), A("ünï\x1f ")],
    [U("a"), U("b")],
]


def main():
    chat.datetime = Clock
    cases = []
    for name, template in TEMPLATES.items():
        for index, conversation in enumerate(CONVERSATIONS):
            for tools in (None, TOOLS):
                for more in ({}, {"enable_thinking": False}) if name == "qwen3" else ({},):
                    prompt = index % 2 == 0
                    try:
                        rendered = chat.render_jinja_template(
                            [conversation], tools=tools, chat_template=template, add_generation_prompt=prompt,
                            bos_token="<s>", eos_token="</s>", **more)[0][0]
                    except Exception:
                        rendered = None
                    cases.append({"template": name, "conversation": index, "tools": tools is not None, "prompt": prompt,
                                  "more": more, "rendered": rendered})
    value = {"templates": TEMPLATES, "tools": TOOLS, "conversations": CONVERSATIONS, "cases": cases}
    OUT.write_text(json.dumps(value, ensure_ascii=True, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
