import { ensureTools } from "../../sandbox/tools/ensure";

const paths = new Map<string, string>();

/** Path of a program that only measurements need; it is built or unpacked when it is first asked for. */
export async function findTool(name: string): Promise<string> {
  const known = paths.get(name);
  if (known !== undefined) return known;
  const tool = (await ensureTools([name])).get(name);
  if (tool === undefined) throw new Error(`The program \`${name}\` was neither found nor built.`);
  paths.set(name, tool.path);
  return tool.path;
}
