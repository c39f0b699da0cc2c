import { type Document, parseDocument } from "yaml";

import { UserError } from "../errors";

/**
 * Parses a file of YAML.
 *
 * @param file its path, for the message
 * @throws UserError if the text is not YAML
 */
export function parseYaml(file: string, text: string): Document {
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    throw new UserError(`\`${file}\` is not YAML: ${document.errors[0].message}`);
  }
  return document;
}
