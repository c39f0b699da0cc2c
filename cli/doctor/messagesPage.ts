import { messageGroups } from "./messages/index";
import type { KnownMessage } from "./messages/message";

const introduction = `# Messages explained

<!-- Written by \`npm run generate\` from the table in cli/doctor/messages. Change that instead. -->

What programs print when an image can't be built, pushed or pulled, or when a site does not start. To look one up:

\`\`\`sh
npx slipway doctor --explain "<message>"
\`\`\`

The message may be a part of a longer line. \`<name>\` stands for a part that varies. [doctor.md](doctor.md) describes
\`slipway doctor\`, which finds the cause itself. "Seen" names the test in which the program really printed the message;
the others are in the table by their programs' sources and documentation.
`;

/** The page docs/messages.md. */
export function renderMessagesPage(): string {
  const sections = messageGroups.flatMap(({ messages, title }) => [
    `## ${title}`,
    ...messages.map(renderMessage),
  ]);
  return `${[introduction.trimEnd(), ...sections].join("\n\n")}\n`;
}

function renderMessage(known: KnownMessage): string {
  const { also = [], isNot, means, message, next, program, provokedBy } = known;
  return [
    `### \`${message}\``,
    `${program[0].toUpperCase()}${program.slice(1)}. ${escape(means)}`,
    [
      `- It is not ${escape(isNot)}.`,
      `- Next: ${escape(next)}`,
      ...(also.length > 0 ? [`- Also: ${also.map((one) => `\`${one}\``).join(", ")}`] : []),
      provokedBy === undefined ? "- Seen: not provoked here" : `- Seen: ${provokedBy}`,
    ].join("\n"),
  ].join("\n\n");
}

/** In Markdown a name in angle brackets would be a tag of HTML, except in code. */
function escape(sentence: string): string {
  return sentence
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith("`") ? part : part.replace(/[<>*_]/g, "\\$&")))
    .join("");
}
