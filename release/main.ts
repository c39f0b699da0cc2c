import { release } from "./release";

// npm run release -- [--dry-run] <version>
process.exitCode = release(process.argv.slice(2), process.cwd(), (text) => console.log(text));
